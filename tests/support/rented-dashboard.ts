import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeWorker } from '../../lib/server/compose';
import { composeHosts } from '../../lib/server/compose-hosts';
import { startRentals } from '../../lib/server/compose-rentals';
import { readEnv } from '../../lib/server/env';
import { keepRentalProvider } from '../../lib/server/rental-provider-keeper';
import { createKeyPair } from '../../lib/ssh/keys';
import { stepLogFile } from '../../lib/store/data-layout';
import { findJob } from '../../lib/store/job-views';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { onWake, runtime } from '../../lib/store/runtime';
import { lendToolchain } from './dashboard-checkpoint';
import { type FakeVast, type FakeVastOptions, startFakeVast } from './fake-vast/fake-vast';
import { openTestDatabase } from './test-database';

const ROOT = path.resolve(import.meta.dirname, '../..');
const nothing = () => undefined;
const LOGGER = { info: nothing, warn: nothing, error: nothing };
const LIVE = {
  jobChanged: nothing,
  logAppended: nothing,
  stepProgressed: nothing,
  sampled: nothing,
  instanceChanged: nothing,
  artifactChanged: nothing,
};

/** A dashboard without its pages: the worker and the keeper of rentals, with a fake service whose machines are real. */
export class RentedDashboard {
  readonly fake: FakeVast;
  readonly #close: () => Promise<void>;
  readonly #lent = new Set<string>();
  #end: () => Promise<void> = async () => undefined;

  private constructor(fake: FakeVast, close: () => Promise<void>) {
    this.fake = fake;
    this.#close = close;
  }

  static async open(options: FakeVastOptions = {}): Promise<RentedDashboard> {
    const database = await openTestDatabase();
    const key = createKeyPair('quantdeck');
    await ensureDefaultKey(() => key);
    const fake = await startFakeVast({ ssh: true, speed: 20, ...options });
    const dashboard = new RentedDashboard(fake, async () => {
      await fake.close();
      await database.close();
    });
    await dashboard.begin();
    return dashboard;
  }

  /** Starts the process, as it were; after `kill` the next one, on the same database. */
  async begin(): Promise<void> {
    const env = readEnv({
      QUANTDECK_DATA_DIR: runtime().dataFolder,
      VAST_URL: this.fake.url,
      VAST_API_KEY: this.fake.key,
    });
    const openProvider = keepRentalProvider(env);
    const hosts = composeHosts({ packageRoot: ROOT, thisMachine: null, openProvider, logger: LOGGER });
    const worker = composeWorker({ env, packageRoot: ROOT, live: LIVE, logger: LOGGER, ...hosts });
    await worker.start();
    const keeper = await startRentals({ env, packageRoot: ROOT, openProvider, logger: LOGGER });
    const lending = new AbortController();
    const lent = this.#lendToolchains(lending.signal);
    const stopWaking = onWake(() => {
      worker.wake();
      keeper.wake();
    });
    this.#end = async () => {
      stopWaking();
      lending.abort();
      await Promise.all([worker.stop(), keeper.stop(), lent]);
    };
  }

  end(): Promise<void> {
    return this.#end();
  }

  async close(): Promise<void> {
    await this.#end();
    await this.#close();
  }

  /** Waits until a job is as it should be; says what its log of this step holds when it never is. */
  async until(jobId: string, isSo: (job: NonNullable<Awaited<ReturnType<typeof findJob>>>) => boolean): Promise<void> {
    const deadlineMs = Date.now() + 240_000;
    for (;;) {
      const job = await findJob(jobId);
      if (job && isSo(job)) return;
      if (!job || Date.now() > deadlineMs) {
        const steps = job?.steps.map(({ key, status, note, progress }) =>
          [key, status, note, progress?.phase].join(' '),
        );
        throw new Error(`never so: ${job?.status} ${JSON.stringify(job?.failure)}\n${steps?.join('\n')}`);
      }
      await sleep(200);
    }
  }

  async log(jobId: string, key: string): Promise<string> {
    const step = (await findJob(jobId))?.steps.find((each) => each.key === key);
    return readFile(stepLogFile(runtime().dataFolder, jobId, step?.id ?? ''), 'utf8');
  }

  /** Machines come with an empty home; llama.cpp takes minutes to install, and that is tested elsewhere. */
  async #lendToolchains(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const { container } of this.fake.world.living()) {
        if (!container || container.fingerprint === '' || this.#lent.has(container.homeFolder)) continue;
        this.#lent.add(container.homeFolder);
        await lendToolchain(container.homeFolder);
      }
      await sleep(20);
    }
  }
}
