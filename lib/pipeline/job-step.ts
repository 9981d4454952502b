import { toFailure } from '../domain/failure';
import { isOnHost, type StepKind, stepKindOf } from '../domain/step-key';
import { earlierResults } from './earlier-results';
import type { HostLink } from './host-link';
import type { HostWatch } from './host-watch';
import type { JobRecord, Lease, StepRecord } from './ledger-port';
import { ProgressReporter } from './progress-reporter';
import type { PipelineDependencies, StepContext } from './step-context';
import type { StepDefinition } from './step-definition';
import { openStepLog } from './step-log';
import { openStep, runStep, type StepOpening } from './step-runner';
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

/** A step that was looked at before its turn. */
export interface PreparedStep extends StepSetting {
  readonly opening: StepOpening;
}

interface StepSetting {
  readonly context: StepContext;
  readonly reporter: ProgressReporter;
  readonly output: { lastMs: number };
}

/** Looks and plans ahead, so that a step can begin its command in the moment its lane is free. */
export async function prepareJobStep(run: JobRun, step: StepRecord, freeLane: () => void): Promise<PreparedStep> {
  const setting = await settingOf(run, step, freeLane);
  return { ...setting, opening: await openStep(run.definitionFor(setting.context.kind), setting.context) };
}

/**
 * Does one step and writes down how it ended; throws when it failed. One that was stopped from outside ends with its job,
 * or not at all. `prepared` is what was seen ahead; null when nothing was, or looking failed, which is then seen again.
 */
export async function runJobStep(
  run: JobRun,
  step: StepRecord,
  freeLane: () => void,
  prepared: PreparedStep | null,
): Promise<void> {
  const { job, lease, world, watch } = run;
  const { ledger, live } = world;
  run.signal.throwIfAborted();
  await ledger.startStep(lease, step.id);
  try {
    const { context, reporter, output } = prepared ?? (await settingOf(run, step, freeLane));
    output.lastMs = world.clock.monotonicMs();
    watch.beginStep(step.id, {
      kind: context.kind,
      progress: () => reporter.progress,
      lastOutputMs: () => output.lastMs,
      note: (note) => reporter.note(note),
    });
    const definition = run.definitionFor(context.kind);
    const end = await runStep(definition, context, prepared?.opening ?? (await openStep(definition, context)));
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

async function settingOf(run: JobRun, step: StepRecord, freeLane: () => void): Promise<StepSetting> {
  const { job, lease, world, host, signal } = run;
  const kind = stepKindOf(step.key);
  const target = { lease, jobId: job.id, stepId: step.id };
  const reporter = new ProgressReporter(target, world.ledger, world.live, world.clock);
  const output = { lastMs: world.clock.monotonicMs() };
  const log = await openStepLog(world, { jobId: job.id, stepId: step.id }, () => {
    output.lastMs = world.clock.monotonicMs();
  });
  // The steps that rent a host and give it back must not wait for it.
  const home = isOnHost(kind) ? (await host.session(signal)).homeFolder : null;
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
    get workspace() {
      if (home === null) throw new Error(`${kind} has no place on the host`);
      return workspaceOf(home, job.id, job.spec);
    },
    earlier: earlierResults(now.steps),
    report: (progress) => reporter.report(progress),
    freeLane,
    signal,
  };
  return { context, reporter, output };
}
