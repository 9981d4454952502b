import { FailureError } from '../../lib/domain/failure';
import { rentalTermsSchema } from '../../lib/domain/rental';
import type { RentalEndpoint } from '../../lib/domain/rental-endpoint';
import type { SelfStop } from '../../lib/domain/self-stop';
import type { RentalProvider } from '../../lib/hosts/host-provider';
import { createVastProvider } from '../../lib/hosts/vast/vast-provider';
import { RentalKeeper } from '../../lib/rentals/rental-keeper';
import type { DeadManTimes, RentalReach } from '../../lib/rentals/rental-ports';
import { rentalLedger } from '../../lib/server/compose-rentals';
import { quote } from '../../lib/ssh/shell-quote';
import { createId } from '../../lib/store/create-id';
import { createRental } from '../../lib/store/rental-wish-store';
import { runtime } from '../../lib/store/runtime';
import { writeTransaction } from '../../lib/store/write-transaction';
import type { FakeInstance } from './fake-vast/fake-instance';
import { type FakeVast, type FakeVastOptions, startFakeVast } from './fake-vast/fake-vast';
import { KillSwitch } from './kill-switch';
import { exampleWork } from './rental-examples';
import { EXAMPLE_KEY } from './vast-on-fake';

const INSTALLATION = 'installation-of-the-test';
export const SSH_KEY_ID = 'key-of-the-test';
const SILENT = { info() {}, warn() {}, error() {} };
const DEAD_MAN = { idleSeconds: 1800, everySeconds: 30 };

export interface RentalWorldOptions {
  readonly fake: FakeVastOptions;
  readonly random?: () => number;
  /** Of dying, at each call. */
  readonly killProbability?: number;
  /** Instead of machines that only answer as if they had SSH servers. */
  readonly reach?: RentalReach;
  readonly publicKey?: string;
  /** Of the service, instead of one that may do everything. */
  readonly apiKey?: string;
  readonly deadMan?: DeadManTimes;
}

/** A small job, so that many offers will do. */
const SMALL_WORK = exampleWork({
  parameterCount: 135_000_000,
  sourceBytes: 270_000_000,
  baseBytes: 270_000_000,
  outputs: [{ type: 'Q4_K_M', sizeBytes: 100_000_000 }],
  broughtHomeBytes: 100_000_000,
  memoryBytes: 1_000_000_000,
});

/** A fake service with keepers of its instances on the database of the process: one after the other, as they die. */
export class RentalWorld {
  readonly fake: FakeVast;
  readonly #options: RentalWorldOptions;
  readonly #random: () => number;
  #apiKey: string;
  /** Errors of keepers that are not failures, nor deaths. */
  readonly errors: unknown[] = [];
  /** What keepers were doing when they died. */
  readonly deaths: string[] = [];
  /** What an address answers with, beyond what its machine is; null lets it in. */
  reachFault: () => FailureError | null = () => null;
  /** What machines say about stopping themselves. */
  selfStop: SelfStop = 'armed';
  /** Of leases, by machines without SSH servers. */
  readonly touches: { readonly atMs: number; readonly longestSeconds: number }[] = [];
  /** Of the present keeper, which has no key of its own. */
  provider: RentalProvider;
  #kill: KillSwitch;
  #keeper: RentalKeeper;

  private constructor(fake: FakeVast, options: RentalWorldOptions) {
    this.fake = fake;
    this.#options = options;
    this.#apiKey = options.apiKey ?? fake.key;
    this.#random = options.random ?? (() => 1);
    this.#kill = new KillSwitch(this.#random, options.killProbability ?? 0);
    this.provider = this.#newProvider();
    this.#keeper = this.#newKeeper();
  }

  static async open(options: RentalWorldOptions): Promise<RentalWorld> {
    await clearRentals(options.publicKey ?? EXAMPLE_KEY);
    return new RentalWorld(await startFakeVast(options.fake), options);
  }

  /** A wish, with terms that any offer keeps. */
  async rent(terms: object = {}): Promise<{ rentalId: string; instanceId: string }> {
    const agreed = rentalTermsSchema.parse({
      mostNanoUsdPerHour: 3_000_000_000,
      mostNanoUsd: 100_000_000_000,
      mostMs: 14 * 86_400_000,
      ...terms,
    });
    const wish = { name: 'rented', terms: agreed, work: SMALL_WORK, sshKeyId: SSH_KEY_ID };
    return writeTransaction((transaction) => createRental(transaction, wish));
  }

  /** One look of the keeper and all that comes of it; a dead one is followed by the next. Answers the pause it wants. */
  async round(): Promise<number> {
    const pauseMs = await this.#keeper.round().catch((error: unknown) => {
      if (!this.#kill.isDead) throw error;
      return 0;
    });
    await this.#keeper.settled();
    if (this.#kill.isDead) {
      this.deaths.push(this.#kill.lastCall);
      this.restart(this.#options.killProbability ?? 0);
    }
    return pauseMs;
  }

  /** The dashboard begins again on the same database. */
  restart(killProbability: number): void {
    this.#kill = new KillSwitch(this.#random, killProbability);
    this.provider = this.#newProvider();
    this.#keeper = this.#newKeeper();
  }

  /** Another key is entered: all that talks with the service does it with that one from now on. */
  useKey(apiKey: string): void {
    this.#apiKey = apiKey;
    this.provider = this.#newProvider();
  }

  async rounds(count: number, isDone: () => Promise<boolean>): Promise<boolean> {
    for (let round = 0; round < count; round += 1) {
      if (await isDone()) return true;
      await this.fake.clock.advance(Math.max(1000, await this.round()));
    }
    return isDone();
  }

  /** Those of a label that exist now, whether lists show them or not. */
  living(label: string): FakeInstance[] {
    return this.fake.world.living().filter((instance) => instance.label === label && !instance.isHidden);
  }

  close(): Promise<void> {
    return this.fake.close();
  }

  #newProvider(): RentalProvider {
    const { fake } = this;
    const kill = this.#kill;
    const killableFetch: typeof fetch = (input, init) =>
      kill.run(`${init?.method} ${new URL(String(input)).pathname}`, () => fetch(input, init));
    const { client: clock } = fake.clock;
    return createVastProvider({
      url: fake.url,
      apiKey: this.#apiKey,
      clock,
      random: () => 0,
      fetch: killableFetch,
    });
  }

  #newKeeper(): RentalKeeper {
    const { fake } = this;
    const kill = this.#kill;
    const error = (_message: string, cause: unknown) => void (kill.isDead || this.errors.push(cause));
    return new RentalKeeper({
      ledger: kill.wrap('ledger', rentalLedger),
      openProvider: async () => this.provider,
      reach: kill.wrap('reach', this.#options.reach ?? this.#reach()),
      clock: { nowMs: () => fake.clock.nowMs(), sleep: fake.clock.client.sleep },
      logger: { ...SILENT, error },
      newId: createId,
      quote,
      installationId: INSTALLATION,
      serviceUrl: fake.url,
      deadMan: this.#options.deadMan ?? DEAD_MAN,
    });
  }

  /** Machines without SSH servers that answer as if they had them. */
  #reach(): RentalReach {
    return {
      touch: async (_instanceId: string, endpoints: readonly RentalEndpoint[], longestSeconds: number) => {
        const direct = endpoints.find(({ kind }) => kind === 'direct');
        const instance = [...this.fake.world.instances.values()].find(
          ({ publicIp, hostPort, actual }) =>
            actual === 'running' && publicIp === direct?.host && hostPort === direct.port,
        );
        const fault = this.reachFault();
        if (fault) throw fault;
        if (!instance) throw new FailureError('host-refused', 'Nothing listens there.', { isTransient: true });
        if (instance.scenario === 'blackholed') throw new FailureError('host-timeout', 'Nothing but silence.');
        if (instance.scenario === 'key-never-accepted') throw new FailureError('ssh-auth-refused', 'Key refused.');
        this.touches.push({ atMs: this.fake.clock.nowMs(), longestSeconds });
        return this.selfStop;
      },
    };
  }
}

async function clearRentals(publicKey: string): Promise<void> {
  const { client } = runtime();
  await client.artifact.deleteMany();
  await client.job.deleteMany();
  await client.rental.deleteMany();
  await client.instance.deleteMany();
  await client.avoidedMachine.deleteMany();
  await client.strayInstance.deleteMany();
  await client.rentalWatch.deleteMany();
  await client.placedAccountKey.deleteMany();
  const key = { name: 'test', publicKey, fingerprint: 'SHA256:test' };
  await client.sshKey.upsert({ where: { id: SSH_KEY_ID }, create: { id: SSH_KEY_ID, ...key }, update: key });
}
