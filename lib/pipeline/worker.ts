import { toFailure } from '../domain/failure';
import { bringRequested } from './bring-requested';
import { type CheckWorld, checkInstance } from './check-instance';
import { JobRunner } from './job-runner';
import { learnTokenizer } from './known-tokenizers';
import { LEASE_MS } from './lease-keeper';
import { checkModel } from './model-check';
import type { ModelChecks } from './ports';
import type { PipelineDependencies } from './step-context';

const POLL_MS = 1000;
/** One dashboard drives this many jobs at once; each instance runs one. */
const MOST_JOBS = 8;
/** A check reads for seconds and holds some megabytes. */
const MOST_MODEL_CHECKS = 4;

type InstanceCheckParts = Omit<CheckWorld, 'live' | 'logger'>;

/**
 * The loop that finds work in the database: queued jobs, checks of instances that a person asked for, and single files
 * to bring home. It alone opens connections to hosts.
 */
export class Worker {
  readonly #world: PipelineDependencies;
  readonly #checks: InstanceCheckParts;
  readonly #modelChecks: ModelChecks;
  readonly #owner: string;
  readonly #runners = new Map<string, JobRunner>();
  readonly #work = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #nudge: AbortController = new AbortController();
  #loop: Promise<void> | null = null;

  #modelChecksRunning = 0;

  constructor(world: PipelineDependencies, checks: { instances: InstanceCheckParts; models: ModelChecks }) {
    this.#world = world;
    this.#checks = checks.instances;
    this.#modelChecks = checks.models;
    this.#owner = world.newId();
  }

  async start(): Promise<void> {
    await this.#world.ledger.voidLeases();
    await this.#modelChecks.requeue();
    this.#loop = this.#run();
  }

  /** Looks for work now instead of at the next poll. */
  wake(): void {
    this.#nudge.abort();
  }

  /** Lets go of everything: work on hosts continues there. Resolves when nothing of ours touches the database any more. */
  async stop(): Promise<void> {
    this.#stopping.abort('shutdown');
    this.wake();
    for (const runner of this.#runners.values()) runner.detach();
    await this.#loop;
    await Promise.allSettled(this.#work);
  }

  /** One look for work; public so that tests need no loop. */
  async tick(): Promise<void> {
    while (this.#runners.size < MOST_JOBS && !this.#stopping.signal.aborted) {
      const lease = await this.#world.ledger.claimNextJob(this.#owner, LEASE_MS);
      if (lease === null) break;
      const runner = new JobRunner(lease, this.#world);
      this.#runners.set(lease.jobId, runner);
      this.#track(
        runner.run().finally(() => {
          // After a lost lease the job may have a new runner of ours already.
          if (this.#runners.get(lease.jobId) === runner) this.#runners.delete(lease.jobId);
        }),
        `job ${lease.jobId}`,
      );
    }
    const instanceId = await this.#checks.checks.claimRequestedCheck();
    if (instanceId !== null) {
      const { live, logger } = this.#world;
      const work = checkInstance(instanceId, { ...this.#checks, live, logger }, this.#stopping.signal);
      this.#track(work, `check of ${instanceId}`);
    }
    await this.#startModelChecks();
    const request = await this.#world.ledger.claimBringHome();
    if (request !== null) {
      const work = bringRequested(request, this.#world, this.#stopping.signal);
      this.#track(work, `bringing home ${request.artifact.fileName}`);
    }
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#world;
    while (!this.#stopping.signal.aborted) {
      this.#nudge = new AbortController();
      try {
        await this.tick();
      } catch (error) {
        logger.error('looking for work failed, trying again', error);
      }
      await clock.sleep(POLL_MS, this.#nudge.signal).catch(() => undefined);
    }
  }

  #track(work: Promise<void>, name: string): void {
    const tracked = work
      .catch((error: unknown) => this.#world.logger.error(`${name} ended badly`, error))
      .finally(() => {
        this.#work.delete(tracked);
        this.wake();
      });
    this.#work.add(tracked);
  }

  async #startModelChecks(): Promise<void> {
    while (this.#modelChecksRunning < MOST_MODEL_CHECKS) {
      const check = await this.#modelChecks.claim();
      if (check === null) return;
      this.#modelChecksRunning += 1;
      const work = this.#checkModel(check).finally(() => {
        this.#modelChecksRunning -= 1;
      });
      this.#track(work, `model check ${check.id}`);
    }
  }

  async #checkModel({ id, ...request }: NonNullable<Awaited<ReturnType<ModelChecks['claim']>>>): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const { report, commit, readWholeTokenizer } = await checkModel(request, this.#world, signal);
      await this.#modelChecks.record(id, { report, commit });
      // Nobody waits for it.
      await learnTokenizer(readWholeTokenizer, request.source, this.#world);
    } catch (error) {
      // The next process does it from the beginning: a check only reads.
      if (signal.aborted) return;
      const failure = toFailure(error);
      if (failure.code === 'internal')
        this.#world.logger.error('a model check failed for a reason of our own', error, { id });
      await this.#modelChecks.record(id, { failure });
    }
  }
}
