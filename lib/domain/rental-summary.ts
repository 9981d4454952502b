import type { Failure } from './failure';
import type { RentalState, RentalView, RentalWatchView, StrayInstanceView } from './rental';
import type { RentalMonth } from './rental-month';
import { type RentalPhase, rentalPhaseOf } from './rental-phase';
import { nowNanoUsdPerHour } from './rental-rate';
import type { RentedInstance } from './rented-instance';
import { countedParts, type SpentParts } from './spent-parts';
import { WARNING_SHARE } from './warning-share';

/** A rental that has not ended, in as much as every page shows of it. */
export interface RentalBrief {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly state: RentalState;
  readonly phase: RentalPhase | null;
  readonly spentNanoUsd: number;
  readonly spentParts: SpentParts;
  readonly mostNanoUsd: number;
  readonly nowNanoUsdPerHour: number | null;
  readonly idleSince: string | null;
  /** When the time that was agreed to is over. */
  readonly deadlineAt: string;
  /** When four fifths of it are over. */
  readonly warnsAt: string;
  readonly alarm: Failure | null;
}

/** An instance of ours that no job knows, while somebody has to look at it. */
export interface StrayBrief {
  readonly serviceId: string;
  readonly label: string;
  readonly choice: 'none' | 'destroy';
  /** Since when it is to be destroyed; of one from before that was kept, when it was first seen. */
  readonly chosenAt: string;
  readonly isOwn: boolean;
  /** Why it could not be destroyed. */
  readonly failure: Failure | null;
  readonly nowNanoUsdPerHour: number | null;
}

/** What costs money now, and what needs a person: for every page. */
export interface RentalSummary {
  readonly rentals: readonly RentalBrief[];
  readonly strays: readonly StrayBrief[];
  /** Everything of the account together; null while a part of it is not known. */
  readonly nowNanoUsdPerHour: number | null;
  /** Machines of the account that are there, whoever rented them. */
  readonly machineCount: number;
  readonly creditNanoUsd: number | null;
  /** What this month came to; null where nobody asked. */
  readonly month: (RentalMonth & { readonly limitNanoUsd: number | null }) | null;
  /** When the credit was read. */
  readonly creditAt: string | null;
  /** Of the last look that was read whole. */
  readonly readAt: string | null;
  /** Why the newest look failed. */
  readonly failure: Failure | null;
}

/** Before anything was rented or looked at. */
export const NO_RENTALS: RentalSummary = {
  rentals: [],
  strays: [],
  nowNanoUsdPerHour: 0,
  machineCount: 0,
  creditNanoUsd: null,
  month: null,
  creditAt: null,
  readAt: null,
  failure: null,
};

/** Everything that is known of rented machines, drawn together. */
export function rentalSummaryOf(
  rentals: readonly RentalView[],
  strays: readonly StrayInstanceView[],
  watch: RentalWatchView | null,
  month: RentalSummary['month'] = null,
): RentalSummary {
  const open = rentals.filter(({ state }) => state !== 'ended');
  const rates = accountRates(rentals, strays, watch);
  return {
    rentals: open.map(briefOf),
    strays: strays.flatMap(strayBriefOf),
    nowNanoUsdPerHour: rates.reduce<number | null>(
      (sum, rate) => (sum === null || rate === null ? null : sum + rate),
      0,
    ),
    machineCount: watch?.instances.length ?? 0,
    creditNanoUsd: watch?.creditNanoUsd ?? null,
    month,
    creditAt: watch?.creditAt ?? null,
    readAt: watch?.readAt ?? null,
    failure: watch?.failure ?? null,
  };
}

/** The rate of each machine once, whoever rented it: as it was listed, and of ours also what no list has. */
function accountRates(
  rentals: readonly RentalView[],
  strays: readonly StrayInstanceView[],
  watch: RentalWatchView | null,
): (number | null)[] {
  const strayIds = new Set(strays.map(({ serviceId }) => serviceId));
  const gone = new Set(
    rentals.flatMap(({ state, tries }) =>
      tries.flatMap((each) => ((state === 'ended' || each.state === 'gone') && each.serviceId) || []),
    ),
  );
  const listed = (watch?.instances ?? []).filter(({ id }) => strayIds.has(id) || !gone.has(id));
  const known = new Set(listed.map(({ id }) => id));
  return [
    ...listed.map(rateOf),
    ...strays.filter(({ serviceId }) => !known.has(serviceId)).map(({ seen }) => rateOf(seen)),
    ...rentals.filter(({ state }) => state !== 'ended').flatMap((rental) => unlistedRates(rental, known)),
  ];
}

/** What a rental's machines may cost that no list has: what was asked for without an answer, and what is not proven gone. */
function unlistedRates({ tries, seen }: RentalView, listed: ReadonlySet<string>): (number | null)[] {
  return tries.flatMap(({ state, serviceId, estimate }) => {
    if (state === 'gone' || (serviceId !== null && listed.has(serviceId))) return [];
    if (serviceId === null) return [null];
    return [seen?.id === serviceId ? rateOf(seen) : estimate.nanoUsdPerHour];
  });
}

/** Machines of the account that are neither ours nor strays: rented by hand, or by another dashboard. */
export function foreignInstances(
  rentals: readonly RentalView[],
  strays: readonly StrayInstanceView[],
  watch: RentalWatchView | null,
): RentedInstance[] {
  const ours = new Set([
    ...rentals.flatMap(({ tries }) => tries.flatMap(({ serviceId }) => serviceId ?? [])),
    ...strays.map(({ serviceId }) => serviceId),
  ]);
  return (watch?.instances ?? []).filter(({ id }) => !ours.has(id));
}

/** What an hour of a machine costs that is not one of our rentals; null when nobody said. */
export function rateOf(seen: RentedInstance): number | null {
  return nowNanoUsdPerHour({ state: 'ready', hasMachine: true, seen, phase: rentalPhaseOf(seen, null) });
}

function strayBriefOf({ serviceId, label, choice, seen, ...more }: StrayInstanceView): StrayBrief[] {
  if (choice === 'ignore') return [];
  const { isOwn, failure, chosenAt, firstSeenAt } = more;
  const nowNanoUsdPerHour = rateOf(seen);
  return [{ serviceId, label, choice, chosenAt: chosenAt ?? firstSeenAt, isOwn, failure, nowNanoUsdPerHour }];
}

function briefOf(rental: RentalView): RentalBrief {
  const after = (durationMs: number) => new Date(Date.parse(rental.createdAt) + durationMs).toISOString();
  return {
    id: rental.id,
    instanceId: rental.instanceId,
    instanceName: rental.instanceName,
    state: rental.state,
    phase: rental.phase,
    spentNanoUsd: rental.money.spentNanoUsd,
    spentParts: countedParts(rental.money),
    mostNanoUsd: rental.terms.mostNanoUsd,
    nowNanoUsdPerHour: rental.money.nowNanoUsdPerHour,
    idleSince: rental.idleSince,
    deadlineAt: after(rental.terms.mostMs),
    warnsAt: after(WARNING_SHARE * rental.terms.mostMs),
    alarm: rental.alarm,
  };
}
