// 100,000 lines a second for 20 s through a real job of the built server, one client watching: no byte lost or doubled,
// memory and event loop of the server. The peer is `ssh host tail -f log` of the same flood.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stepOf } from '../support/dashboard-api';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { Dashboard } from '../support/dashboard-process';
import { percentile, recordOutcome, rounded } from './bench-record';
import { openBrowserSession } from './browser-session';
import { watchLog } from './log-watcher';
import { startPrintingStep } from './printing-step';
import { lendPrintingToolchain } from './printing-toolchain';
import { tailBySsh } from './ssh-tail';

const WISH = { linesPerSecond: 100_000, seconds: Number(process.env['BENCH_SECONDS'] ?? 20), lineBytes: 100 };
const GOAL_GROWTH_MB = 150;
const MB = 1e6;

interface LoopReport {
  readonly pid: number;
  readonly at?: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly memory: Record<string, number>;
}

/** What watch-event-loop.mjs inside the server says when it is asked. */
async function askLoop(file: string): Promise<LoopReport> {
  const before = JSON.parse(await readFile(file, 'utf8')) as LoopReport;
  process.kill(before.pid, 'SIGUSR2');
  for (;;) {
    const now = JSON.parse(await readFile(file, 'utf8')) as LoopReport;
    if (now.at !== undefined && now.at !== before.at) return now;
    await sleep(50);
  }
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

const loopFile = path.join('/tmp', `quantdeck-bench-loop-${process.pid}.json`);
const dashboard = await Dashboard.start({
  NODE_OPTIONS: `--import=${new URL('./watch-event-loop.mjs', import.meta.url).href}`,
  BENCH_LOOP_FILE: loopFile,
});
try {
  const printer = await lendPrintingToolchain(dashboard.homeFolder, WISH);
  await printer.load();
  const step = await startPrintingStep(dashboard.api, await tinyCheckpoint());
  const session = await openBrowserSession(dashboard.api.url);
  const { cookie } = session;
  await session.close();
  const seen = { windows: 0, bytes: 0, lateMs: [] as number[] };
  const decoder = new TextDecoder();
  const unwatch = await watchLog({ url: dashboard.api.url, cookie, ...step }, ({ bytes }) => {
    seen.windows += 1;
    seen.bytes += bytes.byteLength;
    const newest = decoder.decode(bytes.subarray(-220)).match(/B\d+@([\d.]+) /);
    if (newest) seen.lateMs.push(Date.now() - Number(newest[1]));
  });
  await sleep(3000);
  const idle = await askLoop(loopFile);
  const beforeBytes = residentBytes(idle.pid);
  const resident: number[] = [];
  const sampling = setInterval(() => resident.push(residentBytes(idle.pid)), 100);
  await printer.go();
  const printed = await printer.printed();
  const loop = await askLoop(loopFile);
  const job = await dashboard.api.ended(step.jobId, 300_000);
  const keptUpMs = Date.parse(stepOf(job, 'quantize:Q8_0').finishedAt ?? '') - printed.endedAtMs;
  clearInterval(sampling);
  const afterBytes = residentBytes(idle.pid);
  unwatch();
  const attempt = stepOf(job, 'quantize:Q8_0').attempts[0];
  const there = readFileSync(path.join(dashboard.homeFolder, '.quantdeck', 'attempts', attempt?.id ?? '', 'log'));
  const here = await dashboard.api.log(step.jobId, step.stepId);
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const isEqual = hash(there) === hash(here);
  const peer = await tailBySsh(printer, () => undefined);
  await peer.remove();
  const growthMb = (Math.max(...resident) - beforeBytes) / MB;
  const rate = printed.lines / printed.seconds;
  await recordOutcome({
    name: 'log-flood',
    goal: `no byte lost, server grows by less than ${GOAL_GROWTH_MB} MB at 100,000 lines/s`,
    isMet: isEqual && growthMb < GOAL_GROWTH_MB && rate > WISH.linesPerSecond * 0.95,
    summary: `${printed.lines} lines at ${rounded(rate)}/s, ${here.length} of ${there.length} bytes stored, sha256 ${isEqual ? 'equal' : 'DIFFERENT'}; resident +${rounded(growthMb)} MB (peak), event loop late p99 ${rounded(loop.p99Ms)} ms; step over ${rounded(keptUpMs)} ms after the last line, ssh tail -f had all after ${peer.caughtUpMs} ms`,
    data: {
      wish: WISH,
      printed,
      storedBytes: here.length,
      hostBytes: there.length,
      isEqual,
      load: loadavg(),
      residentMb: { before: beforeBytes / MB, peak: Math.max(...resident) / MB, after: afterBytes / MB },
      idle,
      loop,
      keptUpMs,
      watcher: {
        windows: seen.windows,
        bytes: seen.bytes,
        lateP50Ms: percentile(seen.lateMs, 0.5),
        lateP99Ms: percentile(seen.lateMs, 0.99),
      },
      peer: { bytes: peer.bytes, printed: peer.printed, caughtUpMs: peer.caughtUpMs },
    },
  });
} finally {
  await dashboard.remove();
}
