import { once } from 'node:events';
import { type EmbeddedServerOptions, startEmbeddedServer } from './embedded-server';
import type { ServerNews } from './embedded-server-process';

/** The process's own program: one server, which ends when the other end of its channel is gone, and for nothing else. */
if (!process.connected) throw new Error('embedded-server-child runs as a child process only');
// Ctrl-C reaches all processes of a terminal; the dashboard decides when it needs this one no more.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
const gone = once(process, 'disconnect');
const [options] = await once(process, 'message');
const say = (news: ServerNews) => process.send?.(news);
try {
  const { cutConnections: _, close, ...started } = await startEmbeddedServer(options as EmbeddedServerOptions);
  say({ started });
  await gone;
  await close();
} catch (error) {
  say({ problem: error instanceof Error ? error.message : String(error) });
  await gone;
}
process.exit(0);
