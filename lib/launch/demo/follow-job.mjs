import { setTimeout as sleep } from 'node:timers/promises';
import { durationText, LaunchProblem, say } from '../say.mjs';

const POLL_MS = 500;
const PATIENCE_MS = 30_000;
const ENDED = ['succeeded', 'failed', 'canceled'];

/**
 * Follows a job until it has ended. Says when a step of the trunk begins and ends and when one of a file ends, since of
 * those several run at once; on a terminal everything that runs is shown in between.
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
      showProgress(job.steps.filter((step) => step.status === 'running'));
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
  if (step.status === 'queued' || (step.status === 'running' && isOfFile(step))) return;
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

/** `quantize:Q4_K_M`: one of several small steps of a file. */
function isOfFile(step) {
  return step.key.includes(':');
}

function showProgress(steps) {
  if (!process.stdout.isTTY || steps.length === 0) return;
  process.stdout.write(`\r\u001b[K${`    ${progressText(steps)}`.slice(0, (process.stdout.columns ?? 80) - 1)}`);
}

/** What runs, in one line: a single step in full, of several the name and how far each is. */
export function progressText(steps) {
  const percent = (step) => {
    const fraction = step.progress?.fraction ?? null;
    return fraction === null ? null : `${Math.floor(fraction * 100)} %`;
  };
  if (steps.length > 1) return steps.map((step) => [step.title, percent(step)].filter(Boolean).join(' ')).join(' | ');
  const [step] = steps;
  const { phase, speedBytesPerSecond, etaMs, detail } = step.progress ?? {};
  const parts = [
    isOfFile(step) ? step.title : null,
    percent(step),
    phase,
    detail,
    speedBytesPerSecond ? `${(speedBytesPerSecond / 2 ** 20).toFixed(1)} MiB/s` : null,
    etaMs ? `about ${durationText(etaMs)} left` : null,
  ];
  return parts.filter(Boolean).join(', ');
}

function clearProgress() {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}
