import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { EmbeddedServer, EmbeddedServerOptions } from './embedded-server';

/** What the thread says of itself once it listens. */
export type ServerStarted = Omit<EmbeddedServer, 'close' | 'cutConnections'>;

export interface EmbeddedServerThread extends ServerStarted {
  close(): Promise<void>;
}

/**
 * Starts the SSH server of this machine in a thread of its own. Both ends of a connection to "This machine" are ours, and
 * in one thread a transfer would encrypt and decrypt in turns (220 MB/s), while pages, sockets and the worker wait for it.
 *
 * @throws what `startEmbeddedServer` throws. A fault of the thread later on is thrown as uncaught, as if it had happened
 *   here: without its host the dashboard must not pretend to go on.
 */
export async function startEmbeddedServerThread(options: EmbeddedServerOptions = {}): Promise<EmbeddedServerThread> {
  const thread = openThread({ name: 'this machine', workerData: options });
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const started = await new Promise<ServerStarted>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  thread.on('error', (error) => {
    throw error;
  });
  return {
    ...started,
    close: async () => {
      thread.postMessage('close');
      await ended;
    },
  };
}

/** In the build both are bundles beside each other; in development and in tests tsx translates the source first. */
function openThread(options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./embedded-server-worker.mjs', import.meta.url), options);
  const source = new URL('./embedded-server-worker.ts', import.meta.url).href;
  // Node 20 gives a thread no loader of its own, whatever its `execArgv` says.
  const program = `import('tsx/esm/api').then((tsx) => tsx.tsImport(${JSON.stringify(source)}, ${JSON.stringify(import.meta.url)}))`;
  return new Worker(program, { ...options, eval: true });
}
