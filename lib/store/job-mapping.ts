import type { Verdict } from '../domain/artifact';
import { conversionSpecSchema } from '../domain/conversion-spec';
import type { Failure } from '../domain/failure';
import { mainRunningStep } from '../domain/main-step';
import type { Progress } from '../domain/progress';
import type { Source } from '../domain/source';
import type { JobStatus, StepStatus } from '../domain/status';
import { stepKindOf } from '../domain/step-key';
import type { AttemptView, JobSummary, StepView } from '../domain/views';
import type { Attempt, Job, Step } from './generated/client';
import { fromJson } from './json-column';

type SummaryStep = Pick<Step, 'key' | 'title' | 'status' | 'progress'>;
export type SummaryRow = Job & { readonly instance: { readonly name: string }; readonly steps: readonly SummaryStep[] };

const ENDED_STEPS = new Set<string>(['succeeded', 'failed', 'canceled', 'skipped'] satisfies StepStatus[]);
const DONE_STEPS = new Set<string>(['succeeded', 'skipped'] satisfies StepStatus[]);

/** A row of the job table with its steps as one line of a list. */
export function toJobSummary(job: SummaryRow): JobSummary {
  const spec = conversionSpecSchema.parse(job.spec);
  const current = currentStep(job.steps);
  return {
    id: job.id,
    name: job.name,
    status: job.status as JobStatus,
    verdict: job.verdict as Verdict,
    sourceText: sourceText(spec.source),
    outputs: spec.outputs,
    instanceId: job.instanceId,
    instanceName: job.instance.name,
    currentStepTitle: current?.title ?? null,
    finishedSteps: job.steps.filter((step) => DONE_STEPS.has(step.status)).length,
    totalSteps: job.steps.length,
    progressFraction: overallFraction(job.steps),
    failure: fromJson<Failure>(job.failure),
    cancelRequested: job.cancelRequestedAt !== null,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}

/** A step with its attempts for the job's page. `logBytes` is the length of its log file. */
export function toStepView(step: Step & { readonly attempts: readonly Attempt[] }, logBytes: number): StepView {
  return {
    id: step.id,
    ordinal: step.ordinal,
    key: step.key,
    kind: stepKindOf(step.key),
    title: step.title,
    status: step.status as StepStatus,
    startedAt: step.startedAt?.toISOString() ?? null,
    finishedAt: step.finishedAt?.toISOString() ?? null,
    progress: fromJson<Progress>(step.progress),
    note: step.note,
    failure: fromJson<Failure>(step.failure),
    skippedReason: step.skippedReason,
    attempts: step.attempts.map(toAttemptView),
    logBytes,
  };
}

function toAttemptView(attempt: Attempt): AttemptView {
  return {
    id: attempt.id,
    number: attempt.number,
    kind: attempt.kind as AttemptView['kind'],
    command: attempt.command,
    exitCode: attempt.exitCode,
    startedAt: attempt.startedAt.toISOString(),
    endedAt: attempt.endedAt?.toISOString() ?? null,
    logStart: Number(attempt.logStart),
  };
}

/** The step that a person wants to know about: one that runs, else the one that stopped the job. */
function currentStep(steps: readonly SummaryStep[]): SummaryStep | undefined {
  return mainRunningStep(steps) ?? steps.find(({ status }) => status === 'failed');
}

/** Ended steps count whole, running ones by their own fraction. Steps differ in length, so this is a rough guide. */
function overallFraction(steps: readonly SummaryStep[]): number | null {
  if (steps.length === 0 || steps.every(({ status }) => status === 'queued')) return null;
  const parts = steps.map((step) => {
    if (ENDED_STEPS.has(step.status)) return DONE_STEPS.has(step.status) ? 1 : 0;
    return step.status === 'running' ? (fromJson<Progress>(step.progress)?.fraction ?? 0) : 0;
  });
  return parts.reduce<number>((sum, part) => sum + part, 0) / steps.length;
}

/** What the person typed, more or less: `owner/name`, `owner/name@revision` or a path. */
function sourceText(source: Source): string {
  if (source.kind === 'folder') return source.path;
  return source.revision === 'main' ? source.repo : `${source.repo}@${source.revision}`;
}
