import { setMaxListeners } from 'node:events';
import { type Failure, FailureError, failureError, toFailure } from '../domain/failure';
import { JOB_DEFINITION_VERSION } from '../domain/job-steps';
import { quantizationOf, type StepKey } from '../domain/step-key';
import { concludeJob } from './conclude-job';
import { stepDefinitionFor } from './conversion-pipeline';
import { HostLink } from './host-link';
import { HostPresence } from './host-presence';
import { HostWatch } from './host-watch';
import { type JobRun, type PreparedStep, prepareJobStep, runJobStep } from './job-step';
import { keepLease } from './lease-keeper';
import { isLeaseLost, type JobRecord, type Lease, type StepRecord } from './ledger-port';
import { ProvenHeaders } from './proven-headers';
import { QuietTime } from './quiet-time';
import { connectRentedHost } from './rented-host';
import type { PipelineDependencies } from './step-context';
import { runSteps, stepsTakenUp } from './step-scheduler';
import { stopOnHost } from './stop-on-host';

const CANCEL_POLL_MS = 500;

/** Why the work on a job was aborted: from outside, or because a step failed that all others stand on. */
type StopReason = 'canceled' | 'lease-lost' | 'shutdown' | 'step-failed';

/** Runs one claimed job: finished steps are passed over, the others run as their graph allows, cancel is obeyed within a second. */
export class JobRunner {
  readonly #lease: Lease;
  readonly #world: PipelineDependencies;
  readonly #definitionFor: JobRun['definitionFor'];
  readonly #abort = new AbortController();
  /** Ends also what a cancel has still to do on the host; the next process does it then. */
  readonly #leaving = new AbortController();
  readonly #aside = new Set<Promise<void>>();
  /** In the order in which they happened. */
  readonly #failures: unknown[] = [];

  /** `definitionFor`: what a step of each kind does; a test may know better. */
  constructor(lease: Lease, world: PipelineDependencies, definitionFor: JobRun['definitionFor'] = stepDefinitionFor) {
    this.#lease = lease;
    this.#world = world;
    this.#definitionFor = definitionFor;
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
      await this.#end(error, job);
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
    if (job.cancelRequested) this.#stop('canceled');
    const host = this.#hostLink(job);
    const watch = new HostWatch(job.id, host, this.#world);
    const presence = new HostPresence(job);
    const stopSampling = new AbortController();
    const sampling = this.#sampleOnceReached(host, watch, presence, stopSampling.signal);
    try {
      await this.#runSteps(job, host, watch, presence);
      await concludeJob(job, this.#lease, this.#world.ledger);
    } catch (error) {
      const reason = this.#stopReason(error);
      // Also when files have failed and all others came to their ends: nothing may go on under a job that has ended.
      if (reason !== 'shutdown' && reason !== 'lease-lost')
        await stopOnHost({ job, host, lease: this.#lease, world: this.#world }, this.#leaving.signal);
      throw error;
    } finally {
      stopSampling.abort();
      host.close();
      await sampling;
      await Promise.all(this.#aside);
    }
  }

  async #runSteps(job: JobRecord, host: HostLink, watch: HostWatch, presence: HostPresence): Promise<void> {
    const { signal } = this.#abort;
    const isStopped = (error: unknown) => this.#stopReason(error) !== null;
    const run: JobRun = {
      job,
      lease: this.#lease,
      world: this.#world,
      definitionFor: this.#definitionFor,
      host,
      watch,
      quiet: new QuietTime(),
      headers: new ProvenHeaders(),
      aside: this.#aside,
      signal,
      isStopped,
    };
    const stored = new Map(job.steps.map((step) => [step.key, step]));
    const onFailure = (key: StepKey, error: unknown) => this.#onFailure(key, error, host);
    for (const { key, failure } of job.steps) if (failure) onFailure(key, failureError(failure));
    const ahead = new Map<StepKey, Promise<PreparedStep | null>>();
    const stepOf = (key: StepKey) => stored.get(key) as StepRecord;
    await runSteps(stepsTakenUp(job), {
      run: (key, freeLane) =>
        presence.during(key, async () => runJobStep(run, stepOf(key), freeLane, (await ahead.get(key)) ?? null)),
      prepare: (key, freeLane) =>
        ahead.set(
          key,
          prepareJobStep(run, stepOf(key), freeLane).catch(() => null),
        ),
      onQuiet: (isQuiet) => run.quiet.set(isQuiet),
      onFailure,
      signal,
    });
    await Promise.all(ahead.values());
    signal.throwIfAborted();
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /**
   * A failure in the trunk, or of the way to the host, ends everything that runs. One in a file's branch leaves the other
   * files alone: hours of work on them are not lost with it.
   */
  #onFailure(key: StepKey, error: unknown, host: HostLink): void {
    if (isLeaseLost(error)) {
      this.#loseLease();
      return;
    }
    this.#failures.push(error);
    if (quantizationOf(key) === null || host.isGivenUp) this.#stop('step-failed');
  }

  async #end(error: unknown, job: JobRecord): Promise<void> {
    const { ledger, logger, live, rentals } = this.#world;
    const { jobId } = this.#lease;
    const reason = this.#stopReason(error);
    try {
      if (reason === 'shutdown') return await ledger.releaseLease(this.#lease);
      if (reason === 'lease-lost') return;
      // Before the job has its end: whoever is killed in between comes here again.
      if (job.spec.rental) await rentals.settle(jobId, reason === 'canceled' ? 'canceled' : 'failed');
      if (reason === 'canceled') return await ledger.finishJob(this.#lease, { status: 'canceled', failure: null });
      const failure = toFailure(reason === 'step-failed' ? this.#failures[0] : error);
      if (failure.code === 'internal') logger.error('a job failed for a reason of our own', error, { jobId });
      await ledger.finishJob(this.#lease, { status: 'failed', failure });
    } catch (ending) {
      // The lease went in this very moment: the job belongs to another worker now.
      if (!isLeaseLost(ending)) throw ending;
    } finally {
      live.jobChanged(jobId);
    }
  }

  #stopReason(error: unknown): StopReason | null {
    if (this.#leaving.signal.aborted) return this.#leaving.signal.reason as StopReason;
    if (this.#abort.signal.aborted) return this.#abort.signal.reason as StopReason;
    return isLeaseLost(error) ? 'lease-lost' : null;
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
    // Whoever rented a host has reached it before a step of ours comes to it.
    const wasReached = job.spec.rental !== null || job.steps.some((step) => step.attempt !== null);
    const onUnreachable = async (since: Date | null, failure: Failure | null) => {
      await ledger.recordUnreachable(this.#lease, since);
      logger.warn(since ? 'host out of reach' : 'host back', { jobId: job.id, code: failure?.code ?? null });
      live.jobChanged(job.id);
    };
    const connect: typeof connectHost = job.spec.rental
      ? (...to) => connectRentedHost(this.#world, ...to)
      : connectHost;
    return new HostLink({ instanceId: job.instanceId, connect, clock, logger, onUnreachable }, wasReached);
  }

  /** Sampling starts with the first connection that the steps made, so that it never uses up their patience. */
  async #sampleOnceReached(
    host: HostLink,
    watch: HostWatch,
    presence: HostPresence,
    signal: AbortSignal,
  ): Promise<void> {
    const isOver = AbortSignal.any([signal, this.#abort.signal, presence.leaving]);
    if (!(await presence.untilThere(isOver))) return;
    const reached = await host.session(isOver).then(
      () => true,
      () => false,
    );
    if (reached) await watch.run(isOver);
  }
}
