import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface SlowLine {
  readonly port: number;
  close(): void;
}

export interface LineProperties {
  readonly roundTripMs: number;
  /** Of one connection under way; without it as much as any real window allows. */
  readonly windowBytes?: number;
  /** Each way, all connections together; without it there is no limit. */
  readonly bytesPerSecond?: number;
  /** Before a new connection is usable: 1 as TCP's own, 2 as with TLS on top. */
  readonly connectRoundTrips?: number;
}

/** A line to a port of this machine, in a process of its own. */
export async function startSlowLine(targetPort: number, line: LineProperties): Promise<SlowLine> {
  const program = fileURLToPath(new URL('./delay-proxy.mjs', import.meta.url));
  const { roundTripMs, windowBytes = 64 * 1024 * 1024, bytesPerSecond = 0, connectRoundTrips = 0 } = line;
  const args = [targetPort, roundTripMs / 2, windowBytes, bytesPerSecond, connectRoundTrips].map(String);
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(child.stdout, 'data');
  return { port: Number(String(printed).trim()), close: () => void child.kill('SIGTERM') };
}
