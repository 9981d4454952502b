import * as z from 'zod';
import type { Failure } from './failure';
import type { Offer } from './offer';
import type { RentalEstimate } from './rental-estimate';
import type { RentalPhase } from './rental-phase';
import type { RentalCharge, RentedInstance } from './rented-instance';
import type { SelfStop } from './self-stop';
import type { UtilizationLook } from './utilization-trail';

/**
 * What is to become of a rental. A page or a job writes the goal; the keeper brings the world there, looking before each
 * step: `running` rents, waits and starts again, `stopped` pays for the disk alone, `gone` ends the bill.
 */
export const RENTAL_GOALS = ['running', 'stopped', 'gone'] as const;
export type RentalGoal = (typeof RENTAL_GOALS)[number];

/** Where a rental stands. `app/_copy` has the words. */
export const RENTAL_STATES = [
  /** No machine; one is being chosen. */
  'looking',
  /** The service was asked for a machine, or was about to be, and nobody knows yet what came of it. */
  'asking',
  /** There is a machine, and it has not answered by SSH yet. */
  'coming',
  /** It answered by SSH. */
  'ready',
  /** It answered once and does not any more, or the service says that it is down. */
  'lost',
  'stopping',
  'stopped',
  'starting',
  /** It was given back; that it is gone is not proven yet. */
  'releasing',
  /** Proven: no instance of this rental is there, and none can come. Nothing is billed any more. */
  'ended',
] as const;
export type RentalState = (typeof RENTAL_STATES)[number];

/** How one request for one machine stands; a rental makes one after the other until one is good. */
export const RENTAL_TRY_STATES = ['asking', 'there', 'releasing', 'gone'] as const;
export type RentalTryState = (typeof RENTAL_TRY_STATES)[number];

/** What is done with the machine when its job is over. */
export const RENTAL_AFTERWARDS = ['destroy', 'stop', 'keep'] as const;
export type RentalAfterwards = (typeof RENTAL_AFTERWARDS)[number];

/** The most that can be agreed to: what is above is a slip of the pen. */
export const RENTAL_LIMITS = {
  mostNanoUsdPerHour: 100_000_000_000,
  mostNanoUsd: 10_000_000_000_000,
  mostMs: 30 * 86_400_000,
} as const;

/** A machine that is kept is extended again and again. */
const MOST_EXTENDED_MS = 366 * 86_400_000;

/** What a person agrees to; stored as it was agreed. Money in whole billionths of a dollar. */
export const rentalTermsSchema = z.object({
  /** The offer to begin with; null, or gone, lets the best one be taken. */
  offerId: z.string().min(1).max(64).nullable().default(null),
  /** Machine and disk together. A dearer offer is never taken. */
  mostNanoUsdPerHour: z.number().int().min(1).max(RENTAL_LIMITS.mostNanoUsdPerHour),
  /** For all tries together; reaching it ends the rental, after what can be saved was saved. */
  mostNanoUsd: z.number().int().min(1).max(RENTAL_LIMITS.mostNanoUsd),
  /** From the wish on; reaching it ends the rental the same way. More than can be wished for comes of extensions. */
  mostMs: z.number().int().min(60_000).max(MOST_EXTENDED_MS),
  /** Machines asked for, one after the other, until it is given up. */
  mostTries: z.number().int().min(1).max(10).default(3),
  /** Two letters each; empty for anywhere. */
  countries: z.array(z.string().length(2)).max(50).default([]),
  isDatacenterOnly: z.boolean().default(false),
  leastDownBitsPerSecond: z.number().int().min(0).max(100_000_000_000).default(500_000_000),
  afterwards: z.enum(RENTAL_AFTERWARDS).default('destroy'),
});
export type RentalTerms = z.output<typeof rentalTermsSchema>;

/** One request for one machine. */
export interface RentalTryView {
  readonly id: string;
  readonly ordinal: number;
  readonly state: RentalTryState;
  /** As it was when it was chosen. */
  readonly offer: Offer;
  readonly estimate: RentalEstimate;
  /** The service's id of the instance; null while none is known. */
  readonly serviceId: string | null;
  readonly askedAt: string;
  readonly reachableAt: string | null;
  /** When its absence was proven. */
  readonly goneAt: string | null;
  /** Why it was given up; null for one that did its work. */
  readonly failure: Failure | null;
  /** The last lines of its container, where they were kept: a stranger's text, cleaned. */
  readonly containerLog: string | null;
  /** Whether it stops itself when it hears nothing of us; null before it said so. */
  readonly selfStop: SelfStop | null;
}

/** What a rental cost, as far as it is known. */
export interface RentalMoney {
  /** Reckoned from the rates and what was seen; never less than what we know to have run. */
  readonly spentNanoUsd: number;
  /** Of that, what the disk and the traffic cost; the rest is the machine. */
  readonly spentDiskNanoUsd: number;
  readonly spentTrafficNanoUsd: number;
  /** What an hour costs in the present phase; null when that is not known. */
  readonly nowNanoUsdPerHour: number | null;
  /** What the service charged in the end; null while it has not said. */
  readonly charges: readonly RentalCharge[] | null;
}

/** A line of a rental's story. */
export interface RentalEventView {
  readonly at: string;
  readonly level: 'note' | 'warning' | 'alarm';
  readonly text: string;
}

export interface RentalView {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly goal: RentalGoal;
  readonly state: RentalState;
  readonly stateSince: string;
  /** The machine's own state within `coming`, `lost` and the like; null when there is none. */
  readonly phase: RentalPhase | null;
  /** Free text of the service's, cleaned. */
  readonly statusText: string | null;
  readonly terms: RentalTerms;
  readonly tries: readonly RentalTryView[];
  readonly money: RentalMoney;
  /** As last seen; null when nothing was. */
  readonly seen: RentedInstance | null;
  readonly seenAt: string | null;
  /** The last looks at how busy the present machine is, oldest first. */
  readonly utilization: readonly UtilizationLook[];
  /** Why it came to nothing or had to be ended. */
  readonly failure: Failure | null;
  /** What a person has to look at now, on every page until it is solved. */
  readonly alarm: Failure | null;
  /** Why the newest request to the service failed; null when it did not. */
  readonly requestFailure: Failure | null;
  /** It runs, is billed for, and no job uses it: since when. */
  readonly idleSince: string | null;
  readonly endedAt: string | null;
  readonly createdAt: string;
  readonly jobIds: readonly string[];
}

/** An instance of the account that carries a label of Quantdeck's and belongs to no rental of this database. */
export interface StrayInstanceView {
  readonly serviceId: string;
  readonly label: string;
  readonly seen: RentedInstance;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** What the person chose: nothing yet, to have it destroyed, or to be left alone with it. */
  readonly choice: 'none' | 'destroy' | 'ignore';
  readonly chosenAt: string | null;
  /** False for the label of another Quantdeck, or of this one before its database was lost. */
  readonly isOwn: boolean;
  readonly failure: Failure | null;
}

/** The newest look at the whole account, for all browsers. */
export interface RentalWatchView {
  /** Of the last list that was read whole; null before the first. */
  readonly readAt: string | null;
  readonly instances: readonly RentedInstance[];
  /** Why the newest look failed; the instances are older then. */
  readonly failure: Failure | null;
  readonly creditNanoUsd: number | null;
  /** When the credit was read. */
  readonly creditAt: string | null;
}
