import { type Failure, isFailureError } from '../domain/failure';
import { nextRentalAction } from '../domain/next-rental-action';
import { phaseAction } from '../domain/phase-action';
import type { StrayRecord } from '../domain/rental-account';
import { accountChanged, isOfOtherAccount } from '../domain/rental-account-change';
import { fail, isDue, type RentalAction } from '../domain/rental-action';
import { isHopeless } from '../domain/rental-looking';
import type { RentalRecord, RentalSight } from '../domain/rental-record';
import { LABEL_WATCH_MS } from '../domain/rental-release';
import { reckonSpending } from '../domain/rental-spending';
import { removePlacedKeys } from './account-key';
import { AccountWatch, type NumberedListing, type OpenAccount } from './account-watch';
import { newMemory, type RentalMemory } from './rental-memory';
import type { RentalParts } from './rental-ports';
import { act, touchBlindly } from './rental-steps';

const QUICK_MS = 4000;
/** What has gone on for a minute will not be over in four seconds. */
const BRISK_MS = 10_000;
const LONG_MS = 60_000;
const STEADY_MS = 30_000;
const RARE_MS = 5 * 60_000;
/** Steps of one rental between two looks; more would be a circle. */
const MOST_STEPS = 10;
/** An older list is no ground for a decision. */
const LIST_GOOD_MS = 90_000;
const SETTLED = new Set<RentalRecord['state']>(['ready', 'stopped', 'lost']);

type Service = OpenAccount | { readonly failure: Failure };
type Asked = Parameters<typeof act>[1];

/**
 * Brings the world to what is wanted of each rental. It may die between any two instructions: what it is about to do is
 * written down before, and what came of it is found by looking.
 */
export class RentalKeeper {
  readonly #parts: RentalParts;
  readonly #watch: AccountWatch;
  readonly #sinceMs: number;
  readonly #memories = new Map<string, RentalMemory>();
  readonly #tending = new Map<string, Promise<void>>();
  #stopping = new AbortController();
  #nap = new AbortController();
  #isWoken = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(parts: RentalParts) {
    this.#parts = parts;
    this.#watch = new AccountWatch(parts);
    this.#sinceMs = parts.clock.nowMs();
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** What is wanted may have changed. */
  wake(): void {
    this.#isWoken = true;
    this.#nap.abort();
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nap.abort();
    await this.#loop;
    await this.settled();
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#tending.values());
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#isWoken = false;
      const pauseMs = await this.round().catch((error: unknown) => {
        this.#parts.logger.error('a look at the rentals failed', error);
        return STEADY_MS;
      });
      this.#nap = new AbortController();
      if (!this.#isWoken && !this.#stopping.signal.aborted) await this.#parts.clock.sleep(pauseMs, this.#nap.signal);
    }
  }

  /** One look at everything; begins what has to be done without waiting for it. Answers when to look again. */
  async round(): Promise<number> {
    const { ledger, clock } = this.#parts;
    const open = await ledger.listOpen();
    const strays = await ledger.listStrays();
    const isWatched = open.length > 0 || strays.length > 0 || (await ledger.hasDoubts(clock.nowMs() - LABEL_WATCH_MS));
    // Every command wakes us; an account without anything of ours is not asked about each time.
    if (!isWatched && !isDue(this.#watch.lookedAtMs, RARE_MS, clock.nowMs())) return RARE_MS;
    const service = await this.#openService();
    if ('failure' in service) {
      await this.#watch.noteBlindness(isWatched ? service.failure : null);
      for (const { id } of open) this.#tend(id, service, null);
      return isWatched ? STEADY_MS : RARE_MS;
    }
    this.#tendAll(open, service, await this.#watch.look(service));
    await this.#watch.endStrays(service);
    await this.#watch.readCharges(service);
    if (open.length === 0) await removePlacedKeys(this.#parts, service);
    await this.#watch.readCredit(service.provider);
    for (const id of this.#memories.keys()) if (!open.some((each) => each.id === id)) this.#memories.delete(id);
    return pauseOf(open, strays, clock.nowMs()) ?? (isWatched ? STEADY_MS : RARE_MS);
  }

  /** What another account than the one that is seen has, is left as it is: nothing of it can be proven. */
  #tendAll(open: readonly RentalRecord[], service: OpenAccount, list: NumberedListing | null): void {
    const nowMs = this.#parts.clock.nowMs();
    const elsewhere = open.filter((each) => isOfOtherAccount(each, service.accountId, nowMs));
    const changed: Service = { failure: accountChanged(elsewhere) };
    for (const each of open) {
      if (elsewhere.includes(each)) this.#tend(each.id, changed, null);
      else this.#tend(each.id, service, list);
    }
  }

  async #openService(): Promise<Service> {
    try {
      const provider = await this.#parts.openProvider();
      return { provider, accountId: await this.#watch.identify(provider) };
    } catch (error) {
      if (!isFailureError(error)) throw error;
      return { failure: error.failure };
    }
  }

  /** One rental is in one pair of hands at a time, however long a step takes. */
  #tend(rentalId: string, service: Service, list: NumberedListing | null): void {
    if (this.#tending.has(rentalId)) return;
    const memory = this.#memories.get(rentalId) ?? newMemory();
    this.#memories.set(rentalId, memory);
    const work = this.#step(rentalId, memory, service, list)
      .catch((error: unknown) => {
        memory.failures += 1;
        return this.#noteFailure(rentalId, error);
      })
      .finally(() => this.#tending.delete(rentalId));
    this.#tending.set(rentalId, work);
  }

  /** A request that fails again and again has to be seen by whoever pays meanwhile. */
  async #noteFailure(rentalId: string, error: unknown): Promise<void> {
    const { ledger, logger } = this.#parts;
    if (!isFailureError(error)) {
      logger.error('a step of a rental failed', error, { rentalId });
      return;
    }
    logger.warn(`a step of a rental failed: ${error.failure.message}`, { rentalId });
    try {
      await ledger.recordRequest(rentalId, error.failure);
    } catch (cause) {
      logger.error('a failure could not be written down', cause, { rentalId });
    }
  }

  async #step(rentalId: string, memory: RentalMemory, service: Service, list: NumberedListing | null): Promise<void> {
    const { ledger } = this.#parts;
    for (let step = 0; step < MOST_STEPS && !this.#stopping.signal.aborted; step += 1) {
      const record = await ledger.find(rentalId);
      if (record === null || record.state === 'ended') return;
      const sight = await this.#sightOf(record, memory, service, list);
      if (step === 0) {
        await ledger.reckon(record, reckonSpending(record, sight));
        continue;
      }
      const phase = phaseAction(record, sight);
      if (phase !== null) memory.knockedAtMs = null;
      const action = phase ?? withoutService(nextRentalAction(record, sight), service);
      if (action.kind === 'wait') return;
      if (action.kind === 'write') await ledger.change(record, action.change, sight.nowMs);
      else if (action.kind === 'save') await this.#save(record, memory);
      else if (action.kind === 'touch') await touchBlindly({ parts: this.#parts, record, memory }, action);
      else if ('provider' in service) await this.#ask(service, record, memory, action);
    }
  }

  async #ask(service: OpenAccount, record: RentalRecord, memory: RentalMemory, action: Asked): Promise<void> {
    await act({ parts: this.#parts, ...service, record, memory, newestList: () => this.#watch.begun }, action);
    memory.failures = 0;
    if (record.requestFailure !== null) await this.#parts.ledger.recordRequest(record.id, null);
  }

  /** The service has no part in it: files come by SSH, also from a machine that it does not tell of just now. */
  async #save({ instanceId }: RentalRecord, memory: RentalMemory): Promise<void> {
    const nowMs = this.#parts.clock.nowMs();
    memory.askedAtMs.save = nowMs;
    await this.#parts.ledger.save(instanceId, nowMs);
  }

  async #sightOf(
    record: RentalRecord,
    memory: RentalMemory,
    service: Service,
    list: NumberedListing | null,
  ): Promise<RentalSight> {
    const nowMs = this.#parts.clock.nowMs();
    const isGood = list !== null && list.number > memory.actedAfterList && nowMs - list.readAtMs <= LIST_GOOD_MS;
    return {
      nowMs,
      list: isGood ? list : null,
      credit: this.#watch.creditBeside(isGood ? list : null),
      blindness: 'failure' in service ? service.failure : null,
      keeperSinceMs: this.#sinceMs,
      knockedAtMs: memory.knockedAtMs,
      jobs: await this.#parts.ledger.jobsOf(record.instanceId),
      askedAtMs: { ...memory.askedAtMs },
      failures: memory.failures,
    };
  }
}

/** Null when nothing is about to happen. */
function pauseOf(open: readonly RentalRecord[], strays: readonly StrayRecord[], nowMs: number): number | null {
  const moving = open.filter(isMoving);
  if (moving.some(({ stateSinceMs }) => nowMs - stateSinceMs < LONG_MS)) return QUICK_MS;
  return moving.length > 0 || strays.some(({ isToGo }) => isToGo) ? BRISK_MS : null;
}

/** Something is about to happen, or was asked for and is not there yet. */
function isMoving({ state, goal, tries, restartWantedAtMs }: RentalRecord): boolean {
  if (tries.some((each) => each.state === 'releasing' || each.state === 'asking')) return true;
  if (!SETTLED.has(state) || restartWantedAtMs !== null) return true;
  return goal === 'gone' || (goal === 'stopped') !== (state === 'stopped');
}

/** Without a key only what needs no service can be done. */
function withoutService(action: RentalAction, service: Service): RentalAction {
  if ('provider' in service || ['write', 'save', 'touch'].includes(action.kind)) return action;
  return action.kind === 'choose' && isHopeless(service.failure) ? fail(service.failure) : { kind: 'wait' };
}
