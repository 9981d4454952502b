// A whole job against the same commands in a shell script, in turns, toolchain present. BENCH_RUNS (3) of each.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobDetail } from '../../lib/domain/views';
import { quantdeckHome } from '../../lib/launch/prepare-toolchain.mjs';
import { converterEnvironment } from '../../lib/pipeline/converter-environment';
import { describeJob } from '../support/dashboard-api';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { Dashboard } from '../support/dashboard-process';
import { median, recordOutcome, rounded } from './bench-record';
import { type HandWork, type Phase, runByHand } from './shell-by-hand';

const OUTPUTS = ['F16', 'Q4_K_M', 'Q3_K_M', 'Q8_0'] as const;
const RUNS = Number(process.env['BENCH_RUNS'] ?? 3);
const GOAL = 1.1;
/** The commands that a job's own log shows. */
const SAME = { environment: converterEnvironment([]), hash: 'openssl dgst -sha256 -r' };
const AS_TYPED = { environment: [], hash: 'sha256sum' };

interface Run {
  readonly totalMs: number;
  readonly phases: readonly Phase[];
  readonly load: number;
}

await tinyCheckpoint(); // makes the real one as well
const checkpoint = path.join(quantdeckHome(), 'checkpoints', 'SmolLM2-135M-Instruct');
const manifestFile = path.join(quantdeckHome(), 'toolchains', 'v0.5.0', 'toolchain.json');
const { paths } = JSON.parse(await readFile(manifestFile, 'utf8'));

async function runHand(folder: string, way: Pick<HandWork, 'environment' | 'hash'>): Promise<Run> {
  const workFolder = path.join(folder, 'by-hand');
  const homeFolder = path.join(folder, 'by-hand-home');
  for (const each of [workFolder, homeFolder]) await mkdir(each, { recursive: true });
  const load = loadavg()[0] ?? 0;
  const startedMs = performance.now();
  const phases = await runByHand({
    checkpoint,
    modelName: path.basename(checkpoint),
    converter: paths.convertScript,
    python: paths.python,
    binFolder: paths.binDir,
    outputs: OUTPUTS,
    threads: cpus().length,
    ...way,
    workFolder,
    homeFolder,
  });
  const totalMs = performance.now() - startedMs;
  for (const each of [workFolder, homeFolder]) await rm(each, { recursive: true });
  return { totalMs, phases, load };
}

async function runJob(dashboard: Dashboard): Promise<Run> {
  const load = loadavg()[0] ?? 0;
  const startedAtMs = Date.now();
  const jobId = await dashboard.api.startJob({
    source: { kind: 'folder', location: 'host', path: checkpoint },
    outputs: [...OUTPUTS],
    bringHome: true,
  });
  const job = await endOf(dashboard, jobId);
  const totalMs = Date.parse(job.finishedAt ?? '') - startedAtMs;
  if (job.verdict !== 'works') throw new Error(`the job did not work: ${describeJob(job)}`);
  await removeFiles(dashboard, jobId);
  return { totalMs, phases: phasesOf(job, totalMs), load };
}

/** Asks seldom: a page that is drawn sixteen times a second would take the processor from what is measured. */
async function endOf(dashboard: Dashboard, jobId: string): Promise<JobDetail> {
  for (;;) {
    await sleep(2000);
    const job = await dashboard.api.job(jobId);
    if (job.finishedAt !== null) return job;
  }
}

async function removeFiles(dashboard: Dashboard, jobId: string): Promise<void> {
  const folders = [
    path.join(dashboard.homeFolder, '.quantdeck', 'jobs', jobId),
    path.join(dashboard.dataFolder, 'artifacts', jobId),
  ];
  for (const folder of folders) {
    if (!existsSync(folder)) throw new Error(`nothing is left in ${folder}: ${await readdir(path.dirname(folder))}`);
    await rm(folder, { recursive: true });
  }
}

/**
 * The steps of each kind, with what was not their commands (checks before and after, waiting for the end), and how long at
 * least one of them ran. Steps overlap: the sums of a job are longer than the job, those of a script are not.
 */
function phasesOf(job: JobDetail, totalMs: number): Phase[] {
  const kinds = [...new Set(job.steps.map(({ kind }) => kind))];
  const phases = kinds.flatMap((kind) => {
    const spans = job.steps.filter((step) => step.kind === kind).map(spanOf);
    const attempts = job.steps.filter((step) => step.kind === kind).flatMap((step) => step.attempts.map(attemptSpanOf));
    const ms = sumOf(spans);
    return [
      { name: kind, ms },
      { name: `${kind} (around its commands)`, ms: ms - sumOf(attempts) },
    ];
  });
  const busyMs = coveredMs(job.steps.map(spanOf));
  return [
    ...phases,
    { name: 'steps that overlap', ms: sumOf(job.steps.map(spanOf)) - busyMs },
    { name: 'no step at all', ms: totalMs - busyMs },
  ];
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const span = (from: string | null, to: string | null): Span =>
  from && to ? { fromMs: Date.parse(from), toMs: Date.parse(to) } : { fromMs: 0, toMs: 0 };
const spanOf = ({ startedAt, finishedAt }: JobDetail['steps'][number]) => span(startedAt, finishedAt);
const attemptSpanOf = ({ startedAt, endedAt }: JobDetail['steps'][number]['attempts'][number]) =>
  span(startedAt, endedAt);
const sumOf = (spans: readonly Span[]) => spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** How long at least one of them lasted. */
function coveredMs(spans: readonly Span[]): number {
  let covered = 0;
  let reachedMs = 0;
  for (const { fromMs, toMs } of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    covered += Math.max(0, toMs - Math.max(fromMs, reachedMs));
    reachedMs = Math.max(reachedMs, toMs);
  }
  return covered;
}

function medianPhases(runs: readonly Run[]): Map<string, number> {
  const names = [...new Set(runs.flatMap(({ phases }) => phases.map(({ name }) => name)))];
  return new Map(
    names.map((name) => [
      name,
      median(runs.flatMap(({ phases }) => phases.filter((one) => one.name === name).map(({ ms }) => ms))),
    ]),
  );
}

const dashboard = await Dashboard.start();
try {
  const folder = path.dirname(dashboard.dataFolder);
  const hand: Run[] = [];
  const typed: Run[] = [];
  const ours: Run[] = [];
  await runHand(folder, SAME); // all begin with a warm page cache
  for (let turn = 0; turn < RUNS; turn += 1) {
    const pair = [
      async () => ours.push(await runJob(dashboard)),
      async () => hand.push(await runHand(folder, SAME)),
      async () => typed.push(await runHand(folder, AS_TYPED)),
    ];
    for (const run of turn % 2 === 0 ? pair : pair.toReversed()) await run();
    console.log(
      `run ${turn + 1}: ours ${rounded(ours[turn]?.totalMs ?? 0)} ms, by hand ${rounded(hand[turn]?.totalMs ?? 0)} ms`,
    );
  }
  const oursMs = median(ours.map(({ totalMs }) => totalMs));
  const handMs = median(hand.map(({ totalMs }) => totalMs));
  const ratio = oursMs / handMs;
  const typedMs = median(typed.map(({ totalMs }) => totalMs));
  const handPhases = medianPhases(hand);
  const table = [...medianPhases(ours)].map(([phase, ms]) => ({
    phase,
    oursMs: rounded(ms),
    byHandMs: rounded(handPhases.get(phase) ?? 0),
  }));
  console.log('Sums by kind of step. The steps of a job overlap, so its column adds up to more than its time.');
  console.table(table);
  await recordOutcome({
    name: 'overhead',
    goal: `ratio at most ${GOAL}`,
    isMet: ratio <= GOAL,
    summary: `job ${rounded(oursMs / 1000, 1)} s, by hand ${rounded(handMs / 1000, 1)} s, ratio ${rounded(ratio, 3)} (medians of ${RUNS}); as people type it (sha256sum, nothing set for the converter) ${rounded(typedMs / 1000, 1)} s, ratio ${rounded(oursMs / typedMs, 3)}`,
    data: {
      ratio,
      typedRatio: oursMs / typedMs,
      typed,
      pairRatios: ours.map((run, turn) => run.totalMs / (hand[turn]?.totalMs ?? 1)),
      table,
      ours,
      hand,
    },
  });
} finally {
  await dashboard.remove();
}
