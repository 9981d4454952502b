import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CutProxy {
  readonly port: number;
  /** The most connections that stood at once. */
  readonly mostConnections: number;
  /** Resets every connection that stands. */
  cut(): void;
  /** From now on new connections are reset after this many bytes from the server; null for never. */
  cutAfter(bytes: number | null): void;
  /** Stops passing bytes without closing anything: a dead link. */
  freeze(): void;
  close(): Promise<void>;
}

/**
 * A TCP proxy on loopback that can cut, freeze and delay (`delayMs` each way) what goes through it, and hold each
 * connection to `speedBytesPerSecond` from the server.
 */
export async function startCutProxy(
  targetPort: number,
  delayMs = 0,
  speedBytesPerSecond: number | null = null,
): Promise<CutProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let mostConnections = 0;
  let limitBytes: number | null = null;
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    const pair = [near, far] as const;
    const limit = limitBytes;
    let passed = 0;
    pairs.add(pair);
    mostConnections = Math.max(mostConnections, pairs.size);
    if (speedBytesPerSecond !== null) holdBack(far, speedBytesPerSecond);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.resetAndDestroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end).on('close', end);
    }
    far.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (limit !== null && passed > limit) end();
    });
    if (delayMs === 0) {
      near.pipe(far);
      far.pipe(near);
      return;
    }
    near.on('data', (chunk: Buffer) => setTimeout(() => far.destroyed || far.write(chunk), delayMs));
    far.on('data', (chunk: Buffer) => setTimeout(() => near.destroyed || near.write(chunk), delayMs));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get mostConnections() {
      return mostConnections;
    },
    cut,
    cutAfter: (bytes) => {
      limitBytes = bytes;
    },
    freeze: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    close: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Reads from a socket no faster than this. */
function holdBack(socket: Socket, bytesPerSecond: number): void {
  socket.on('data', (chunk: Buffer) => {
    socket.pause();
    setTimeout(() => socket.resume(), (chunk.length / bytesPerSecond) * 1000);
  });
}
