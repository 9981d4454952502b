// delay-proxy.mjs TARGET_PORT DELAY_MS [MOST_BYTES]: a TCP proxy on loopback that hands each byte on DELAY_MS later, in both
// directions, as a long line does, with at most MOST_BYTES of a connection under way, as a small TCP window does. A process
// of its own, so that it takes no time from what is measured. Prints its port.
import { connect, createServer } from 'node:net';

const [targetPort, delayMs, mostBytes = 64 * 1024 * 1024] = process.argv.slice(2).map(Number);

function carry(from, to) {
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
  const take = (chunk) => {
    waiting.push({ chunk, dueMs: performance.now() + delayMs });
    bytes += chunk?.length ?? 0;
    if (bytes >= mostBytes) from.pause();
    schedule();
  };
  from.on('data', take);
  from.on('end', () => take(null));
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
  carry(near, far);
  carry(far, near);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
