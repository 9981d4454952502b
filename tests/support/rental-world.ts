import { FailureError } from '../../lib/domain/failure';
import { rentalTermsSchema } from '../../lib/domain/rental';
import type { RentalEndpoint } from '../../lib/domain/rental-endpoint';
import { createVastProvider } from '../../lib/hosts/vast/vast-provider';
import { RentalKeeper } from '../../lib/rentals/rental-keeper';
import type { RentalReach } from '../../lib/rentals/rental-ports';
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

export const INSTALLATION = 'installation-of-the-test';
const SSH_KEY_ID = 'key-of-the-test';
const SILENT = { info() {}, warn() {}, error() {} };
export const FORTNIGHT_NANO_USD = 100_000_000_000;

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
  readonly #random: () => number;
  readonly #killProbability: number;
  /** Errors of keepers that are not failures, nor deaths. */
  readonly errors: unknown[] = [];
  kill: KillSwitch;
  keeper: RentalKeeper;
  deaths: string[] = [];
  /** What an address answers with, beyond what its machine is; null lets it in. */
  reachFault: () => FailureError | null = () => null;

  private constructor(fake: FakeVast, random: () => number, killProbability: number) {
    this.fake = fake;
    this.#random = random;
    this.#killProbability = killProbability;
    this.kill = new KillSwitch(random, 0);
    this.keeper = this.#newKeeper();
  }

  static async open(options: FakeVastOptions, random: () => number, killProbability = 0): Promise<RentalWorld> {
    await clearRentals();
    return new RentalWorld(await startFakeVast(options), random, killProbability);
  }

  /** A wish, with terms that any offer keeps. */
  async rent(terms: object = {}): Promise<{ rentalId: string; instanceId: string }> {
    const agreed = rentalTermsSchema.parse({
      mostNanoUsdPerHour: 3_000_000_000,
      mostNanoUsd: FORTNIGHT_NANO_USD,
      mostMs: 14 * 86_400_000,
      ...terms,
    });
    const wish = { name: 'rented', terms: agreed, work: SMALL_WORK, sshKeyId: SSH_KEY_ID };
    return writeTransaction((transaction) => createRental(transaction, wish));
  }

  /** One look of the keeper and all that comes of it; a dead one is followed by the next. Answers the pause it wants. */
  async round(): Promise<number> {
    const pauseMs = await this.keeper.round().catch((error: unknown) => {
      if (!this.kill.isDead) throw error;
      return 0;
    });
    await this.keeper.settled();
    if (this.kill.isDead) {
      this.deaths.push(this.kill.lastCall);
      this.keeper = this.#newKeeper();
    }
    return pauseMs;
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

  /** Keepers do not die any more. */
  makeSafe(): void {
    this.kill = new KillSwitch(this.#random, 0);
    this.keeper = this.#newKeeper(true);
  }

  close(): Promise<void> {
    return this.fake.close();
  }

  #newKeeper(isSafe = false): RentalKeeper {
    const kill = new KillSwitch(this.#random, isSafe ? 0 : this.#killProbability);
    this.kill = kill;
    const { fake } = this;
    const killableFetch: typeof fetch = (input, init) =>
      kill.run(`${init?.method} ${new URL(String(input)).pathname}`, () => fetch(input, init));
    const provider = createVastProvider({
      url: fake.url,
      apiKey: fake.key,
      clock: fake.clock.client,
      random: () => 0,
      fetch: killableFetch,
    });
    const error = (_message: string, cause: unknown) => void (kill.isDead || this.errors.push(cause));
    return new RentalKeeper({
      ledger: kill.wrap('ledger', rentalLedger),
      openProvider: async () => provider,
      reach: kill.wrap('reach', this.#reach()),
      clock: { nowMs: () => fake.clock.nowMs(), sleep: fake.clock.client.sleep },
      logger: { ...SILENT, error },
      newId: createId,
      quote,
      installationId: INSTALLATION,
      serviceUrl: fake.url,
      image: 'ubuntu:24.04',
      deadMan: { idleSeconds: 1800, longestSeconds: 43_200, everySeconds: 30 },
    });
  }

  /** Machines without SSH servers that answer as if they had them. */
  #reach(): RentalReach {
    return {
      touch: async (_instanceId: string, endpoints: readonly RentalEndpoint[]) => {
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
      },
    };
  }
}

async function clearRentals(): Promise<void> {
  const { client } = runtime();
  await client.artifact.deleteMany();
  await client.job.deleteMany();
  await client.rental.deleteMany();
  await client.instance.deleteMany();
  await client.avoidedMachine.deleteMany();
  await client.strayInstance.deleteMany();
  await client.rentalWatch.deleteMany();
  const key = { name: 'test', publicKey: EXAMPLE_KEY, fingerprint: 'SHA256:test' };
  await client.sshKey.upsert({ where: { id: SSH_KEY_ID }, create: { id: SSH_KEY_ID, ...key }, update: key });
}
