import type { Progress } from '../../lib/domain/progress';
import type { ArtifactView, JobDetail, JobSummary } from '../../lib/domain/views';

export interface StepProgressed {
  readonly jobId: string;
  readonly stepId: string;
  readonly progress: Progress | null;
  readonly note: string | null;
}

/** The newer of two states of a job: an answer that was overtaken on its way changes nothing. */
export function newerJob(current: JobDetail, next: JobDetail): JobDetail {
  return next.id === current.id && next.sequence >= current.sequence ? next : current;
}

/** A running step's progress merged in. Progress is volatile: it carries no sequence. */
export function withStepProgress(job: JobDetail, event: StepProgressed): JobDetail {
  const known =
    event.jobId === job.id && job.steps.some((step) => step.id === event.stepId && step.status === 'running');
  if (!known) return job;
  const steps = job.steps.map((step) =>
    step.id === event.stepId ? { ...step, progress: event.progress, note: event.note ?? step.note } : step,
  );
  return { ...job, steps };
}

/** An artifact's new state merged in. */
export function withArtifact(job: JobDetail, artifact: ArtifactView): JobDetail {
  if (artifact.jobId !== job.id) return job;
  const known = job.artifacts.some((one) => one.id === artifact.id);
  const artifacts = known
    ? job.artifacts.map((one) => (one.id === artifact.id ? artifact : one))
    : [...job.artifacts, artifact];
  return { ...job, artifacts };
}

/** Replaces the row of the same id; a new one is not inserted, so that rows never jump under the pointer. */
export function withJobRow(rows: readonly JobSummary[], job: JobSummary): readonly JobSummary[] {
  return rows.some((row) => row.id === job.id) ? rows.map((row) => (row.id === job.id ? job : row)) : rows;
}
