// delay-proxy.mjs TARGET_PORT DELAY_MS [MOST_BYTES [BYTES_PER_SECOND [CONNECT_ROUND_TRIPS]]]: a TCP proxy on loopback that
// hands each byte on DELAY_MS later, in both directions, as a long line does, with at most MOST_BYTES of a connection under
// way, as a small TCP window does. BYTES_PER_SECOND is what the line carries each way, for all connections together. A new
// connection is usable after so many round trips: 1 as TCP's own, 2 as with TLS 1.3 on top. A process of its own, so that it
// takes no time from what is measured. Prints its port.
import { connect, createServer } from 'node:net';

const [targetPort, delayMs, mostBytes = 64 * 1024 * 1024, bytesPerSecond = 0, connectRoundTrips = 0] = process.argv
  .slice(2)
  .map(Number);

/** When the line has carried all that it was given so far, each way. */
const freeAtMs = { up: 0, down: 0 };

function carry(from, to, way, openAtMs) {
  const waiting = [];
  let bytes = 0;
  let timer = null;
  const deliver = () => {
    timer = null;
    const now = performance.now();
    to.cork();
    while (waiting.length > 0 && waiting[0].dueMs <= now) {
      const { chunk } = waiting.shift();
      if (chunk === null) to.end();
      else {
        bytes -= chunk.length;
        to.write(chunk);
      }
    }
    to.uncork();
    if (bytes < mostBytes) from.resume();
    schedule();
  };
  const schedule = () => {
    if (timer === null && waiting.length > 0)
      timer = setTimeout(deliver, Math.max(0, waiting[0].dueMs - performance.now()));
  };
  const send = (chunk) => {
    const sentMs = Math.max(performance.now(), openAtMs, freeAtMs[way]);
    const lineMs = bytesPerSecond > 0 ? ((chunk?.length ?? 0) / bytesPerSecond) * 1000 : 0;
    if (lineMs > 0) freeAtMs[way] = sentMs + lineMs;
    waiting.push({ chunk, dueMs: sentMs + lineMs + delayMs });
    bytes += chunk?.length ?? 0;
    if (bytes >= mostBytes) from.pause();
    schedule();
  };
  from.on('data', send);
  from.on('end', () => send(null));
}

const server = createServer({ allowHalfOpen: true }, (near) => {
  const far = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
  for (const socket of [near, far]) {
    socket.setNoDelay(true);
    socket.on('error', () => {
      near.destroy();
      far.destroy();
    });
  }
  const openAtMs = performance.now() + connectRoundTrips * 2 * delayMs;
  carry(near, far, 'up', openAtMs);
  carry(far, near, 'down', 0);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
