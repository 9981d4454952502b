import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Failure } from '../../lib/domain/failure';
import type { RentalGoal, RentalState, RentalTerms } from '../../lib/domain/rental';
import { setRentalGoal } from '../../lib/store/rental-wish-store';
import { runtime } from '../../lib/store/runtime';
import { writeTransaction } from '../../lib/store/write-transaction';
import { RentalWorld, type RentalWorldOptions } from './rental-world';
import { openTestDatabase, type TestDatabase } from './test-database';

/**
 * A world of rentals for each test of a file, all on one database, and what tests ask of it. What a keeper threw that is
 * no failure fails the test.
 */
export function rentalScene(): RentalScene {
  let database: TestDatabase;
  const scene = new RentalScene();
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());
  afterEach(async () => {
    expect(scene.world.errors).toEqual([]);
    await scene.world.close();
  });
  return scene;
}

export class RentalScene {
  #world: RentalWorld | null = null;

  get world(): RentalWorld {
    if (this.#world === null) throw new Error('open() the world first');
    return this.#world;
  }

  readonly open = async (options: Partial<RentalWorldOptions> = {}): Promise<void> => {
    const fake = { offerCount: 60, ...options.fake };
    this.#world = await RentalWorld.open({ ...options, fake });
  };

  /** A world with a rental whose machine answers. */
  readonly openReady = async (terms: Partial<RentalTerms> = {}): Promise<{ rentalId: string; instanceId: string }> => {
    await this.open();
    const rented = await this.world.rent(terms);
    await this.until(rented.rentalId, 'ready', 60);
    return rented;
  };

  readonly read = (id: string) =>
    runtime().client.rental.findUniqueOrThrow({
      where: { id },
      include: { tries: { orderBy: { ordinal: 'asc' } }, events: { orderBy: { id: 'asc' } }, instance: true },
    });

  /** What was told of it, a line each. */
  readonly story = async (id: string): Promise<string> =>
    (await this.read(id)).events.map(({ text }) => text).join('\n');

  readonly until = async (id: string, state: RentalState, rounds = 120): Promise<void> => {
    if (await this.world.rounds(rounds, async () => (await this.read(id)).state === state)) return;
    expect.fail(`never ${state}, but ${(await this.read(id)).state}: ${await this.story(id)}`);
  };

  readonly want = (id: string, goal: RentalGoal): Promise<boolean> =>
    writeTransaction((transaction) => setRentalGoal(transaction, id, goal));

  /** Looks on for so long by the service's clock. */
  readonly goOn = async (durationMs: number): Promise<void> => {
    const endMs = this.world.fake.clock.nowMs() + durationMs;
    await this.world.rounds(1000, async () => this.world.fake.clock.nowMs() >= endMs);
  };

  /** Requests to rent, the refused ones too. */
  readonly orders = () =>
    this.world.fake.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/asks/'));
}

/** The code of a failure as it is stored; null for none. */
export function storedCode(value: unknown): Failure['code'] | null {
  return (value as Failure | null)?.code ?? null;
}
