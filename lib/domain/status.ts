/** Job and step statuses: fixed words, stored in the database. Waiting is a reason, not a status. */
export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'canceled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const STEP_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'canceled', 'skipped'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

const JOB_TRANSITIONS: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  queued: ['running', 'canceled'],
  running: ['succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: ['queued'],
  canceled: ['queued'],
};

const STEP_TRANSITIONS: Readonly<Record<StepStatus, readonly StepStatus[]>> = {
  queued: ['running', 'succeeded', 'skipped', 'canceled'],
  running: ['succeeded', 'failed', 'canceled', 'skipped'],
  succeeded: ['queued'],
  failed: ['queued'],
  canceled: ['queued'],
  skipped: ['queued'],
};

/** Whether a job may go from one status to the other. `failed -> queued` is a retry. */
export function canMoveJob(from: JobStatus, to: JobStatus): boolean {
  return JOB_TRANSITIONS[from].includes(to);
}

/** Whether a step may go from one status to the other. A retry resets all that is not done to `queued`. */
export function canMoveStep(from: StepStatus, to: StepStatus): boolean {
  return STEP_TRANSITIONS[from].includes(to);
}

/** True when nothing more will happen to the job without a person. */
export function isTerminal(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'canceled';
}
