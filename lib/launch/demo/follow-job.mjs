import { setTimeout as sleep } from 'node:timers/promises';
import { durationText, LaunchProblem, say } from '../say.mjs';

const POLL_MS = 500;
const PATIENCE_MS = 30_000;
const ENDED = ['succeeded', 'failed', 'canceled'];

/**
 * Follows a job until it has ended and says every change of a step; on a terminal the running step's progress is shown
 * in between.
 * @param {AbortSignal} [signal] aborted when the dashboard has ended: nobody is left to ask
 * @returns the job as `GET /api/v1/jobs/{id}` gives it
 */
export async function followJob(api, jobId, signal) {
  const shown = new Map();
  let reachedMs = Date.now();
  while (!signal?.aborted) {
    const job = await readJob(api, jobId, reachedMs);
    if (job) {
      reachedMs = Date.now();
      for (const step of job.steps) showStep(step, shown);
      showProgress(job.steps.find((step) => step.status === 'running'));
      if (ENDED.includes(job.status)) return job;
    }
    await sleep(POLL_MS);
  }
  throw new LaunchProblem(
    'The dashboard ended before the job did. Start it again (npm start): the job continues where it was.',
  );
}

/** Null while the dashboard does not answer for a moment; after half a minute that is an error. */
async function readJob(api, jobId, reachedMs) {
  try {
    return await api.get(`/api/v1/jobs/${jobId}`);
  } catch (error) {
    const isConnection = error instanceof TypeError;
    if (!isConnection || Date.now() - reachedMs > PATIENCE_MS) throw error;
    return null;
  }
}

function showStep(step, shown) {
  if (shown.get(step.id) === step.status) return;
  shown.set(step.id, step.status);
  if (step.status === 'queued') return;
  clearProgress();
  say(`  ${stepText(step)}`);
}

/** One step in words: `Convert model: done (12 s)`. */
export function stepText(step) {
  const took =
    step.startedAt && step.finishedAt
      ? ` (${durationText(Date.parse(step.finishedAt) - Date.parse(step.startedAt))})`
      : '';
  switch (step.status) {
    case 'running':
      return `${step.title} ...`;
    case 'succeeded':
      return `${step.title}: done${took}`;
    case 'skipped':
      return `${step.title}: not needed${step.skippedReason ? ` (${step.skippedReason})` : ''}`;
    case 'failed':
      return `${step.title}: failed${took}. ${step.failure?.message ?? ''}`;
    default:
      return `${step.title}: ${step.status}`;
  }
}

function showProgress(step) {
  if (!process.stdout.isTTY || !step?.progress) return;
  const { phase, fraction, speedBytesPerSecond, etaMs, detail } = step.progress;
  const parts = [
    fraction === null ? null : `${Math.floor(fraction * 100)} %`,
    phase,
    detail,
    speedBytesPerSecond ? `${(speedBytesPerSecond / 2 ** 20).toFixed(1)} MiB/s` : null,
    etaMs ? `about ${durationText(etaMs)} left` : null,
  ];
  const line = `    ${parts.filter(Boolean).join(', ')}`.slice(0, (process.stdout.columns ?? 80) - 1);
  process.stdout.write(`\r\u001b[K${line}`);
}

function clearProgress() {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}
