import { toFailure } from '../domain/failure';
import { type StepKind, stepKindOf } from '../domain/step-key';
import { earlierResults } from './earlier-results';
import type { HostLink } from './host-link';
import type { HostWatch } from './host-watch';
import type { JobRecord, Lease, StepRecord } from './ledger-port';
import { ProgressReporter } from './progress-reporter';
import type { PipelineDependencies, StepContext } from './step-context';
import type { StepDefinition } from './step-definition';
import { openStepLog } from './step-log';
import { runStep } from './step-runner';
import { workspaceOf } from './workspace';

/** What the steps of one run of a job share. */
export interface JobRun {
  readonly job: JobRecord;
  readonly lease: Lease;
  readonly world: PipelineDependencies;
  readonly definitionFor: (kind: StepKind) => StepDefinition;
  readonly host: HostLink;
  readonly watch: HostWatch;
  readonly signal: AbortSignal;
  /** True when an error is the work of the signal or of a lost lease: the step did not fail. */
  readonly isStopped: (error: unknown) => boolean;
}

/**
 * Does one step and writes down how it ended; throws when it failed. One that was stopped from outside ends with its job,
 * or not at all.
 */
export async function runJobStep(run: JobRun, step: StepRecord, freeLane: () => void): Promise<void> {
  const { job, lease, world, watch } = run;
  const { ledger, live } = world;
  run.signal.throwIfAborted();
  await ledger.startStep(lease, step.id);
  try {
    const { context, reporter } = await contextOf(run, step, freeLane);
    const end = await runStep(run.definitionFor(context.kind), context);
    await reporter.settle();
    await ledger.finishStep(lease, step.id, {
      status: end.status,
      result: end.result,
      ...(end.status === 'skipped' ? { skippedReason: end.reason } : {}),
    });
  } catch (error) {
    if (!run.isStopped(error)) {
      await ledger.finishStep(lease, step.id, { status: 'failed', failure: toFailure(error) });
    }
    throw error;
  } finally {
    watch.endStep(step.id);
    live.jobChanged(job.id);
  }
}

async function contextOf(run: JobRun, step: StepRecord, freeLane: () => void) {
  const { job, lease, world, host, signal } = run;
  const kind = stepKindOf(step.key);
  const target = { lease, jobId: job.id, stepId: step.id };
  const reporter = new ProgressReporter(target, world.ledger, world.live, world.clock);
  let lastOutputMs = world.clock.monotonicMs();
  const log = await openStepLog(world, { jobId: job.id, stepId: step.id }, () => {
    lastOutputMs = world.clock.monotonicMs();
  });
  run.watch.beginStep(step.id, {
    kind,
    progress: () => reporter.progress,
    lastOutputMs: () => lastOutputMs,
    note: (note) => reporter.note(note),
  });
  const home = (await host.session(signal)).homeFolder;
  // As it is now: other steps have stored their results since the job was taken up.
  const now = await world.ledger.loadJob(job.id);
  const context: StepContext = {
    jobId: job.id,
    spec: job.spec,
    commit: now.commit,
    step,
    kind,
    lease,
    host,
    log,
    world,
    workspace: workspaceOf(home, job.id, job.spec),
    earlier: earlierResults(now.steps),
    report: (progress) => reporter.report(progress),
    freeLane,
    signal,
  };
  return { context, reporter };
}
