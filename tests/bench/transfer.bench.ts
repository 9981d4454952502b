// Bringing a file home from a real sshd: our engine (hashing what passes, as a job does) against scp and sftp of OpenSSH,
// near and far. BENCH_RUNS (3) turns; a far link delays every byte by half a round trip, each way, and the last one holds
// each connection to 7 MB/s, as most real paths do: there it counts how many are used.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open, rm, stat } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { BlockWriter } from '../../lib/pipeline/block-writer';
import { openHostSession } from '../../lib/ssh/host-session';
import { makeTempFolder } from '../support/ssh-temp-folder';
import { startSshdHost } from '../support/sshd-host';
import { median, recordOutcome, rounded } from './bench-record';
import { startSlowLine } from './slow-line';
import { openSshOptions } from './ssh-tail';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 3);
const MIB = 1024 * 1024;
const LINKS: readonly { roundTripMs: number; bytes: number; windowBytes?: number }[] = [
  { roundTripMs: 0, bytes: 512 * MIB },
  { roundTripMs: 60, bytes: 256 * MIB },
  { roundTripMs: 150, bytes: 256 * MIB },
  { roundTripMs: 150, bytes: 512 * MIB, windowBytes: 512 * 1024 },
];

async function writeNoise(file: string, bytes: number): Promise<void> {
  const handle = await open(file, 'w');
  const block = Buffer.alloc(MIB);
  for (let at = 0; at < block.length; at += 8) block.writeDoubleLE(Math.random(), at);
  for (let index = 0; index < bytes / MIB; index += 1) {
    block.writeUInt32LE(index, 0);
    await handle.write(block);
  }
  await handle.close();
}

async function runTool(program: string, args: readonly string[], input?: string): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdin.end(input ?? '');
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${errors}`);
}

const host = await startSshdHost();
const { folder, remove } = await makeTempFolder('bench-transfer');
const options = await openSshOptions(host, folder);
const results: Record<string, unknown>[] = [];
try {
  for (const { roundTripMs, bytes, windowBytes } of LINKS) {
    const source = path.join(host.homeFolder, 'file.bin');
    const target = path.join(folder, 'here.bin');
    await writeNoise(source, bytes);
    const proxy =
      roundTripMs === 0
        ? null
        : await startSlowLine(host.port, { roundTripMs, ...(windowBytes === undefined ? {} : { windowBytes }) });
    const port = proxy?.port ?? host.port;
    const address = `${host.endpoint.user}@127.0.0.1`;
    const session = await openHostSession({ ...host.endpoint, port }, { pinned: host.fingerprint });
    const ways: Record<string, () => Promise<unknown>> = {
      ours: async () => {
        const handle = await open(target, 'w');
        const hash = createHash('sha256');
        const write = async (block: Uint8Array, at: number) => void (await handle.write(block, 0, block.length, at));
        const writer = new BlockWriter({ write, complete: async () => undefined, close: async () => undefined }, 0);
        const take = (chunk: Uint8Array) => {
          hash.update(chunk);
          return writer.push(chunk);
        };
        await session.download(source, { offset: 0, length: bytes }, take, new AbortController().signal);
        await writer.flush();
        await handle.close();
        hash.digest();
      },
      scp: () => runTool('scp', [...options, '-P', String(port), `${address}:${source}`, target]),
      sftp: () => runTool('sftp', [...options, '-P', String(port), '-b', '-', address], `get ${source} ${target}\n`),
    };
    const times: Record<string, number[]> = { ours: [], scp: [], sftp: [] };
    for (let turn = 0; turn < RUNS; turn += 1) {
      const names = Object.keys(ways);
      for (const name of turn % 2 === 0 ? names : names.toReversed()) {
        await rm(target, { force: true });
        const startedMs = performance.now();
        await ways[name]?.();
        times[name]?.push(performance.now() - startedMs);
        if ((await stat(target)).size !== bytes) throw new Error(`${name} brought another size`);
      }
    }
    session.close();
    proxy?.close();
    const mbPerSecond = (name: string) => rounded(bytes / 1000 / median(times[name] ?? []), 1);
    const best = Math.max(mbPerSecond('scp'), mbPerSecond('sftp'));
    const row = {
      roundTripMs,
      isHeld: windowBytes !== undefined,
      mib: bytes / MIB,
      ours: mbPerSecond('ours'),
      scp: mbPerSecond('scp'),
      sftp: mbPerSecond('sftp'),
      ratio: rounded(mbPerSecond('ours') / best, 2),
    };
    results.push({ ...row, times, load: loadavg() });
    console.table([row]);
  }
} finally {
  await host.stop();
  await remove();
}
const ratios = results.map(
  ({ roundTripMs, isHeld, ours, ratio }) =>
    `${roundTripMs} ms${isHeld ? ', each connection held to 7 MB/s' : ''}: ${ours} MB/s, ${ratio} x the better of scp and sftp`,
);
await recordOutcome({
  name: 'transfer',
  goal: 'at least 0.7 times OpenSSH near, more than it far away',
  isMet: results.every(({ roundTripMs, ratio }) => Number(ratio) >= (roundTripMs === 0 ? 0.7 : 1)),
  summary: ratios.join('; '),
  data: results,
});
