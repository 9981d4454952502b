import { type Failure, isFailureError } from '../domain/failure';
import type { EndedRental, LabeledTry, StraySighting } from '../domain/rental-account';
import { isDue } from '../domain/rental-action';
import { burnNanoUsdPerHour } from '../domain/rental-credit';
import { parseRentalLabel } from '../domain/rental-label';
import type { RentalSight } from '../domain/rental-record';
import type { RentalAccount, RentedInstance } from '../domain/rented-instance';
import type { RentalListing, RentalProvider } from '../hosts/host-provider';
import type { RentalParts } from './rental-ports';

/** A whole list with its number: lists that were begun later have higher ones. */
export interface NumberedListing extends RentalListing {
  readonly number: number;
}

/** The service as one account sees it. */
export interface OpenAccount {
  readonly provider: RentalProvider;
  readonly accountId: string;
}

const STRAY_PAUSE_MS = 10_000;
const CREDIT_PAUSE_MS = 60_000;
const CHARGES_PAUSE_MS = 30 * 60_000;
/** The bill of a rental may be written hours after its end … */
const CHARGES_LATE_MS = 24 * 3_600_000;
/** … and the dashboard may have been off meanwhile: without any bill it goes on being asked for. */
const CHARGES_MISSING_MS = 30 * 24 * 3_600_000;
const CHARGES_FIRST_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Looks at the account as a whole: one list for everybody, what of it is ours and nobody's, the credit and the bills. */
export class AccountWatch {
  readonly #parts: RentalParts;
  #begun = 0;
  #lookedAtMs: number | null = null;
  #newest: NumberedListing | null = null;
  /** What is written down of why it cannot look; undefined before anything was. */
  #blindness: Failure['code'] | null | undefined;
  #creditAtMs: number | null = null;
  #account: RentalAccount | null = null;
  #known: { readonly provider: RentalProvider; readonly accountId: string } | null = null;
  readonly #strayAtMs = new Map<string, number>();

  constructor(parts: RentalParts) {
    this.#parts = parts;
  }

  /** Number of the newest list that was begun. */
  get begun(): number {
    return this.#begun;
  }

  get lookedAtMs(): number | null {
    return this.#lookedAtMs;
  }

  /**
   * Whose key it is; asked once for each provider, since another key has another one. Without it nothing that is listed or
   * missing proves anything. @throws FailureError as the service does
   */
  async identify(provider: RentalProvider): Promise<string> {
    if (this.#known?.provider !== provider) {
      this.#lookedAtMs = this.#parts.clock.nowMs();
      this.#known = { provider, accountId: (await provider.account()).id };
      this.#newest = null;
      this.#creditAtMs = null;
      this.#account = null;
    }
    return this.#known.accountId;
  }

  /** The newest whole list, null before the first. One that cannot be read is no list. */
  async look({ provider, accountId }: OpenAccount): Promise<NumberedListing | null> {
    const { ledger } = this.#parts;
    this.#begun += 1;
    this.#lookedAtMs = this.#parts.clock.nowMs();
    const number = this.#begun;
    try {
      const listing = await provider.list();
      const strays = await this.#straysOf(listing);
      await ledger.recordSight({ ...listing, strays, accountId });
      this.#blindness = null;
      this.#newest = { ...listing, number };
    } catch (error) {
      if (!isFailureError(error)) throw error;
      await this.noteBlindness(error.failure);
    }
    return this.#newest;
  }

  /** Writes down why it cannot look, or that nobody minds; once, however often it is woken. */
  async noteBlindness(failure: Failure | null): Promise<void> {
    const code = failure?.code ?? null;
    if (this.#blindness === code) return;
    await this.#parts.ledger.recordBlindness(failure);
    this.#blindness = code;
  }

  /** Gives back what a person chose to, and what came late for a request of ours; each proven before it is forgotten. */
  async endStrays({ provider, accountId }: OpenAccount): Promise<void> {
    const { ledger, clock } = this.#parts;
    for (const stray of await ledger.listStrays()) {
      const { serviceId, label } = stray;
      if (!stray.isToGo || (stray.accountId ?? accountId) !== accountId) continue;
      if (!isDue(this.#strayAtMs.get(serviceId) ?? null, STRAY_PAUSE_MS, clock.nowMs())) continue;
      this.#strayAtMs.set(serviceId, clock.nowMs());
      try {
        if (await this.#isInUse(serviceId, label)) continue;
        if (await provider.isGone(serviceId)) await ledger.removeStray(serviceId);
        else await provider.destroy(serviceId);
      } catch (error) {
        if (!isFailureError(error)) throw error;
        await ledger.recordStrayFailure(serviceId, error.failure);
      }
    }
  }

  async readCredit(provider: RentalProvider): Promise<void> {
    const { ledger, clock } = this.#parts;
    if (!isDue(this.#creditAtMs, CREDIT_PAUSE_MS, clock.nowMs())) return;
    this.#creditAtMs = clock.nowMs();
    this.#account = await orNull(provider.account());
    if (this.#account) await ledger.recordCredit(this.#account.creditNanoUsd, clock.nowMs());
  }

  /** The money of the account beside what a list of it costs; null while either is not known. */
  creditBeside(list: RentalListing | null): RentalSight['credit'] {
    if (this.#account === null || list === null) return null;
    const { creditNanoUsd, hasCard } = this.#account;
    return { creditNanoUsd, hasCard, burnNanoUsdPerHour: burnNanoUsdPerHour(list.instances) };
  }

  /** The real charges of what has ended, while they may still grow. */
  async readCharges({ provider, accountId }: OpenAccount): Promise<void> {
    const { ledger, clock } = this.#parts;
    for (const rental of await ledger.listUncharged(
      clock.nowMs() - CHARGES_LATE_MS,
      clock.nowMs() - CHARGES_MISSING_MS,
    )) {
      const nowMs = clock.nowMs();
      if ((rental.accountId ?? accountId) !== accountId) continue;
      if (nowMs - rental.endedAtMs < CHARGES_FIRST_MS || !isDue(rental.chargesAtMs, CHARGES_PAUSE_MS, nowMs)) continue;
      try {
        const charges = await provider.charges(rental.createdAtMs - HOUR_MS, nowMs);
        const own = charges.filter((charge) => isOf(rental, charge));
        await ledger.recordCharges(rental.id, own.length > 0 ? own : null, nowMs);
      } catch (error) {
        if (!isFailureError(error)) throw error;
        const text = `The real charges could not be read: ${error.failure.message}`;
        if (rental.chargesAtMs === null) await ledger.note(rental.id, 'note', text, nowMs);
        await ledger.recordCharges(rental.id, null, nowMs);
      }
    }
  }

  async #straysOf({ instances, readAtMs }: RentalListing): Promise<StraySighting[]> {
    const strays: StraySighting[] = [];
    for (const seen of instances) {
      const lateFor = await this.#judge(seen, readAtMs);
      if (lateFor !== 'no stray') strays.push({ seen, label: seen.label ?? '', lateFor });
    }
    return strays;
  }

  /**
   * What is no stray is another program's, or a machine of an open try. With the label of another Quantdeck it may be ours
   * all the same: our own id is in the database, and is lost with it.
   */
  async #judge({ id, label }: RentedInstance, readAtMs: number): Promise<StraySighting['lateFor'] | 'no stray'> {
    const parsed = parseRentalLabel(label);
    if (parsed === null) return 'no stray';
    if (parsed.installationId !== this.#parts.installationId) return null;
    const known = await this.#parts.ledger.tryOfLabel(parsed.rentalId);
    if (known === null) return null;
    if (isMachineOf(known, id)) return 'no stray';
    // It was proven gone after this list was begun.
    if (known.goneAtMs !== null && known.goneAtMs >= readAtMs) return 'no stray';
    return !known.isOpen && known.serviceId === null ? { rentalId: known.rentalId } : null;
  }

  async #isInUse(serviceId: string, label: string): Promise<boolean> {
    const parsed = parseRentalLabel(label);
    const known = parsed === null ? null : await this.#parts.ledger.tryOfLabel(parsed.rentalId);
    return known !== null && isMachineOf(known, serviceId);
  }
}

/** Whether an instance with the label of a try is its machine, or may turn out to be: its request is not answered yet. */
function isMachineOf({ isOpen, serviceId }: LabeledTry, id: string): boolean {
  return isOpen && (serviceId === null || serviceId === id);
}

function isOf(rental: EndedRental, charge: { instanceId: string | null; label: string | null }): boolean {
  if (charge.instanceId !== null) return rental.serviceIds.includes(charge.instanceId);
  return charge.label !== null && rental.labels.includes(charge.label);
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (!isFailureError(error)) throw error;
    return null;
  }
}
