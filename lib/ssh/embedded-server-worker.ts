import { parentPort, workerData } from 'node:worker_threads';
import { type EmbeddedServerOptions, startEmbeddedServer } from './embedded-server';
import type { ServerStarted } from './embedded-server-thread';

/** The thread's own program: one server, which ends with the first message it is sent. */
const port = parentPort;
if (port === null) throw new Error('embedded-server-worker runs as a thread only');
const { cutConnections: _, close, ...started } = await startEmbeddedServer(workerData as EmbeddedServerOptions);
port.once('message', () => {
  close().finally(() => port.close());
});
port.postMessage(started satisfies ServerStarted);
