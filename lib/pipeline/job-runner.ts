import { setMaxListeners } from 'node:events';
import { combineVerdicts, verdictOf } from '../domain/artifact';
import { type Failure, FailureError, toFailure } from '../domain/failure';
import { JOB_DEFINITION_VERSION } from '../domain/job-steps';
import { quantizationOf, stepKindOf } from '../domain/step-key';
import { cancelOnHost } from './cancel-on-host';
import { stepDefinitionFor } from './conversion-pipeline';
import { earlierResults } from './earlier-results';
import { HostLink } from './host-link';
import { HostWatch } from './host-watch';
import { keepLease } from './lease-keeper';
import { type JobRecord, type Lease, LeaseLostError, type StepRecord } from './ledger-port';
import { ProgressReporter } from './progress-reporter';
import type { PipelineDependencies, StepContext } from './step-context';
import { openStepLog } from './step-log';
import { runStep } from './step-runner';
import { workspaceOf } from './workspace';

const CANCEL_POLL_MS = 500;

/** Why the work on a job was aborted from outside. */
type StopReason = 'canceled' | 'lease-lost' | 'shutdown';

/** Runs one claimed job: finished steps are passed over, the next ones run in order, cancel is obeyed within a second. */
export class JobRunner {
  readonly #lease: Lease;
  readonly #world: PipelineDependencies;
  readonly #abort = new AbortController();
  /** Ends also what a cancel has still to do on the host; the next process does it then. */
  readonly #leaving = new AbortController();

  constructor(lease: Lease, world: PipelineDependencies) {
    this.#lease = lease;
    this.#world = world;
    // Every command of a job listens to these; a dozen at once is no leak.
    setMaxListeners(0, this.#abort.signal, this.#leaving.signal);
  }

  /** Lets go of the job without touching the host: the work there goes on, the next process follows it again. */
  detach(): void {
    this.#leaving.abort('shutdown');
    this.#stop('shutdown');
  }

  /** Resolves when the job has ended or was let go of. */
  async run(): Promise<void> {
    const { ledger, clock, logger } = this.#world;
    const job = await ledger.loadJob(this.#lease.jobId);
    const background = new AbortController();
    const onLost = () => this.#loseLease();
    const keeping = keepLease(this.#lease, { ledger, clock, logger }, { signal: background.signal, onLost });
    const watching = this.#watchForCancel(background.signal);
    try {
      await this.#runJob(job);
    } catch (error) {
      await this.#end(error);
    } finally {
      background.abort();
      await Promise.all([keeping, watching]);
    }
  }

  async #runJob(job: JobRecord): Promise<void> {
    if (job.definitionVersion !== JOB_DEFINITION_VERSION) {
      throw new FailureError(
        'conflict',
        `This job was made by another version of Quantdeck (steps version ${job.definitionVersion}).`,
        {
          remedy: 'Start it again as a new job.',
        },
      );
    }
    await this.#world.ledger.startJob(this.#lease);
    const host = this.#hostLink(job);
    const watch = new HostWatch(job.id, host, this.#world);
    const stopSampling = new AbortController();
    const sampling = this.#sampleOnceReached(host, watch, stopSampling.signal);
    try {
      for (const step of job.steps) await this.#runOneStep(job, step, host, watch);
      await this.#conclude(job);
    } catch (error) {
      if (this.#stopReason(error) === 'canceled')
        await cancelOnHost({ job, host, lease: this.#lease, world: this.#world }, this.#leaving.signal);
      throw error;
    } finally {
      stopSampling.abort();
      host.close();
      await sampling;
    }
  }

  async #runOneStep(job: JobRecord, step: StepRecord, host: HostLink, watch: HostWatch): Promise<void> {
    const { ledger, live } = this.#world;
    const current = (await ledger.loadJob(job.id)).steps.find((one) => one.id === step.id) ?? step;
    if (current.status === 'succeeded' || current.status === 'skipped') return;
    this.#abort.signal.throwIfAborted();
    await ledger.startStep(this.#lease, step.id);
    const { context, reporter } = await this.#contextOf(job, current, host, watch);
    try {
      const end = await runStep(stepDefinitionFor(context.kind), context);
      await reporter.settle();
      await ledger.finishStep(this.#lease, step.id, {
        status: end.status,
        result: end.result,
        ...(end.status === 'skipped' ? { skippedReason: end.reason } : {}),
      });
    } catch (error) {
      await this.#endStep(context, error);
      throw error;
    } finally {
      watch.watchStep(null);
      live.jobChanged(job.id);
    }
  }

  async #contextOf(job: JobRecord, step: StepRecord, host: HostLink, watch: HostWatch) {
    const world = this.#world;
    const kind = stepKindOf(step.key);
    const target = { lease: this.#lease, jobId: job.id, stepId: step.id };
    const reporter = new ProgressReporter(target, world.ledger, world.live, world.clock);
    let lastOutputMs = world.clock.monotonicMs();
    const log = await openStepLog(world, { jobId: job.id, stepId: step.id }, () => {
      lastOutputMs = world.clock.monotonicMs();
    });
    watch.watchStep({
      kind,
      progress: () => reporter.progress,
      lastOutputMs: () => lastOutputMs,
      note: (note) => reporter.note(note),
    });
    const home = (await host.session(this.#abort.signal)).homeFolder;
    const now = await world.ledger.loadJob(job.id);
    const context: StepContext = {
      jobId: job.id,
      spec: job.spec,
      commit: now.commit,
      step,
      kind,
      lease: this.#lease,
      host,
      log,
      world,
      workspace: workspaceOf(home, job.id, job.spec),
      earlier: earlierResults(now.steps),
      report: (progress) => reporter.report(progress),
      signal: this.#abort.signal,
    };
    return { context, reporter };
  }

  /** Writes the end of a step that failed. One that was stopped from outside ends with its job, or not at all. */
  async #endStep(context: StepContext, error: unknown): Promise<void> {
    const reason = this.#stopReason(error);
    if (reason !== null) return;
    await this.#world.ledger.finishStep(this.#lease, context.step.id, { status: 'failed', failure: toFailure(error) });
  }

  async #conclude(job: JobRecord): Promise<void> {
    const artifacts = await this.#world.ledger.listArtifacts(job.id);
    const verdict = combineVerdicts(artifacts.map((artifact) => verdictOf(artifact.verification)));
    const bad = artifacts.filter((artifact) => verdictOf(artifact.verification) !== 'works');
    if (verdict === 'works') {
      await this.#world.ledger.finishJob(this.#lease, { status: 'succeeded', failure: null });
      return;
    }
    const names = bad.map((artifact) => quantizationOf(`quantize:${artifact.type}`) ?? artifact.type).join(', ');
    throw new FailureError('verification-failed', `Not every file was proven to work: ${names}.`, {
      remedy: 'Look at the evidence beside each file. Files that work were kept; retry runs the checks again.',
      evidence: bad.map(
        (artifact) => `${artifact.fileName}: ${artifact.verification?.problem ?? 'it did not generate text'}`,
      ),
    });
  }

  async #end(error: unknown): Promise<void> {
    const { ledger, logger, live } = this.#world;
    const { jobId } = this.#lease;
    const reason = this.#stopReason(error);
    try {
      if (reason === 'shutdown') return await ledger.releaseLease(this.#lease);
      if (reason === 'lease-lost') return;
      if (reason === 'canceled') return await ledger.finishJob(this.#lease, { status: 'canceled', failure: null });
      const failure = toFailure(error);
      if (failure.code === 'internal') logger.error('a job failed for a reason of our own', error, { jobId });
      await ledger.finishJob(this.#lease, { status: 'failed', failure });
    } catch (ending) {
      // The lease went in this very moment: the job belongs to another worker now.
      if (!(ending instanceof Error && ending.name === 'LeaseLostError')) throw ending;
    } finally {
      live.jobChanged(jobId);
    }
  }

  #stopReason(error: unknown): StopReason | null {
    if (this.#leaving.signal.aborted) return this.#leaving.signal.reason as StopReason;
    if (this.#abort.signal.aborted) return this.#abort.signal.reason as StopReason;
    const isLost = error instanceof LeaseLostError || (error instanceof Error && error.name === 'LeaseLostError');
    return isLost ? 'lease-lost' : null;
  }

  /** Whatever we were about to do on the host, another worker does it now. */
  #loseLease(): void {
    this.#leaving.abort('lease-lost');
    this.#stop('lease-lost');
  }

  #stop(reason: StopReason): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(reason);
  }

  async #watchForCancel(signal: AbortSignal): Promise<void> {
    const { clock, ledger, logger } = this.#world;
    while (!signal.aborted) {
      try {
        if (await ledger.isCancelRequested(this.#lease.jobId)) this.#stop('canceled');
        await clock.sleep(CANCEL_POLL_MS, signal);
      } catch (error) {
        if (!signal.aborted) logger.error('asking for a cancel failed', error, { jobId: this.#lease.jobId });
      }
    }
  }

  #hostLink(job: JobRecord): HostLink {
    const { connectHost, clock, logger, ledger, live } = this.#world;
    const wasReached = job.steps.some((step) => step.attempt !== null);
    const onUnreachable = async (since: Date | null, failure: Failure | null) => {
      await ledger.recordUnreachable(this.#lease, since);
      logger.warn(since ? 'host out of reach' : 'host back', { jobId: job.id, code: failure?.code ?? null });
      live.jobChanged(job.id);
    };
    return new HostLink({ instanceId: job.instanceId, connect: connectHost, clock, logger, onUnreachable }, wasReached);
  }

  /** Sampling starts with the first connection that the steps made, so that it never uses up their patience. */
  async #sampleOnceReached(host: HostLink, watch: HostWatch, signal: AbortSignal): Promise<void> {
    const reached = await host.session(this.#abort.signal).then(
      () => true,
      () => false,
    );
    if (reached) await watch.run(AbortSignal.any([signal, this.#abort.signal]));
  }
}
