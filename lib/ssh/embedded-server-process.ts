import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EmbeddedServer, EmbeddedServerOptions } from './embedded-server';

/** What the process says of itself once it listens, or why it does not. */
export type ServerNews = { readonly started: ServerStarted } | { readonly problem: string };
export type ServerStarted = Omit<EmbeddedServer, 'close' | 'cutConnections'>;

export interface EmbeddedServerProcess extends ServerStarted {
  close(): Promise<void>;
}

/**
 * Starts the SSH server of this machine in a process of its own. Both ends of a connection to "This machine" are ours, and
 * in one thread a transfer would encrypt and decrypt in turns (220 MB/s), while pages, sockets and the worker wait for it.
 * A thread would do for that, but each command would begin with a fork of the whole dashboard: 18 ms at 300 MB against 5 at
 * 50 (measured, Node 20). It ends when we do, however that happens: our end of its channel is then closed.
 *
 * @throws Error with the server's own words when it does not start. Its end later on is thrown as uncaught: without its
 *   host the dashboard must not pretend to go on.
 */
export async function startEmbeddedServerProcess(options: EmbeddedServerOptions = {}): Promise<EmbeddedServerProcess> {
  const child = openProcess();
  let isWanted = true;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.send(options);
  const news = await Promise.race([
    once(child, 'message').then(([message]) => message as ServerNews),
    ended.then(() => ({ problem: 'the SSH server of this machine ended before it listened' })),
  ]);
  if ('problem' in news) {
    child.disconnect();
    throw new Error(news.problem);
  }
  child.once('exit', (code, signal) => {
    if (isWanted) throw new Error(`the SSH server of this machine ended (${signal ?? code})`);
  });
  return {
    ...news.started,
    close: async () => {
      isWanted = false;
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** In the build both are bundles beside each other; in development and in tests tsx translates the source first. */
function openProcess(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './embedded-server-child.ts' : './embedded-server-child.mjs', import.meta.url);
  return fork(fileURLToPath(program), { execArgv: isSource ? ['--import', 'tsx'] : ['--enable-source-maps'] });
}
