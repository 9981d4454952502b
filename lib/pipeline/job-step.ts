import { toFailure } from '../domain/failure';
import { isOnHost, type StepKind, stepKindOf } from '../domain/step-key';
import { newAttempt } from './attempt-runner';
import { earlierResults } from './earlier-results';
import type { HostLink } from './host-link';
import type { HostWatch } from './host-watch';
import { isOpen, type JobRecord, type Lease, type StepRecord } from './ledger-port';
import { ProgressReporter } from './progress-reporter';
import type { ProvenHeaders } from './proven-headers';
import type { QuietTime } from './quiet-time';
import { SignsOfLife } from './signs-of-life';
import type { PipelineDependencies, StepContext } from './step-context';
import type { StepDefinition } from './step-definition';
import { openStepLog } from './step-log';
import { openStep, runStep, type StepOpening } from './step-runner';
import type { FreeLane } from './step-scheduler';
import { workspaceOf } from './workspace';

/** What the steps of one run of a job share. */
export interface JobRun {
  readonly job: JobRecord;
  readonly lease: Lease;
  readonly world: PipelineDependencies;
  readonly definitionFor: (kind: StepKind) => StepDefinition;
  readonly host: HostLink;
  readonly watch: HostWatch;
  readonly quiet: QuietTime;
  readonly headers: ProvenHeaders;
  /** What no step waits for, with which the run ends. */
  readonly aside: Set<Promise<void>>;
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
  readonly signs: SignsOfLife;
}

/** Looks and plans ahead, so that a step can begin its command in the moment its lane is free. */
export async function prepareJobStep(run: JobRun, step: StepRecord, freeLane: FreeLane): Promise<PreparedStep> {
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
  freeLane: FreeLane,
  prepared: PreparedStep | null,
): Promise<void> {
  const { job, lease, world, watch } = run;
  const { ledger, live } = world;
  run.signal.throwIfAborted();
  await start(run, step, prepared);
  let context: StepContext | null = null;
  try {
    const setting = prepared ?? (await settingOf(run, step, freeLane));
    const { reporter, signs } = setting;
    context = setting.context;
    signs.restart();
    watch.beginStep(step.id, {
      kind: context.kind,
      progress: () => reporter.progress,
      lastSignMs: () => signs.lastMs,
      note: (note) => reporter.note(note),
    });
    const definition = run.definitionFor(context.kind);
    const end = await runStep(definition, context, prepared?.opening ?? (await openStep(definition, context)));
    await reporter.settle();
    await ledger.finishStep(lease, step.id, {
      status: end.status,
      result: end.result,
      attempt: context.ended,
      ...(end.status === 'skipped' ? { skippedReason: end.reason } : {}),
    });
  } catch (error) {
    if (!run.isStopped(error)) {
      await ledger.finishStep(lease, step.id, {
        status: 'failed',
        failure: toFailure(error),
        attempt: context?.ended ?? null,
      });
    }
    throw error;
  } finally {
    watch.endStep(step.id);
    live.jobChanged(job.id);
  }
}

/** Of a command that was planned ahead the attempt is committed with the step's start. */
async function start({ lease, world }: JobRun, step: StepRecord, prepared: PreparedStep | null): Promise<void> {
  const { ledger } = world;
  if (prepared?.opening.kind !== 'remote' || isOpen(step.attempt)) return ledger.startStep(lease, step.id);
  const { context, opening } = prepared;
  const attempt = await ledger.startStepWithAttempt(lease, step.id, await newAttempt(context, opening));
  context.step = { ...context.step, attempt };
}

async function settingOf(run: JobRun, step: StepRecord, freeLane: FreeLane): Promise<StepSetting> {
  const { job, lease, world, host, quiet, headers, aside, signal } = run;
  const kind = stepKindOf(step.key);
  const target = { lease, jobId: job.id, stepId: step.id };
  const reporter = new ProgressReporter(target, world.ledger, world.live, world.clock);
  const signs = new SignsOfLife(world.clock);
  const log = await openStepLog(world, { jobId: job.id, stepId: step.id }, (bytes) => signs.sawOutput(bytes));
  // The steps that rent a host and give it back must not wait for it.
  const home = isOnHost(kind) ? (await host.session(signal)).homeFolder : null;
  // As it is now: other steps have stored their results since the job was taken up.
  const now = await world.ledger.loadJob(job.id);
  const context: StepContext = {
    jobId: job.id,
    spec: job.spec,
    commit: now.commit,
    step,
    ended: null,
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
    report: (progress) => {
      signs.sawProgress(progress);
      reporter.report(progress);
    },
    freeLane,
    aside: (work) => aside.add(work),
    headers,
    quiet,
    signal,
  };
  return { context, reporter, signs };
}
