import type { Failure } from './failure';
import type { Offer } from './offer';
import type { RentalGoal, RentalState, RentalTerms, RentalTryState } from './rental';
import type { RentalEstimate } from './rental-estimate';
import type { RentalPhase } from './rental-phase';
import type { RentalWork } from './rental-work';
import type { RentedInstance } from './rented-instance';
import type { SelfStop } from './self-stop';

/** A rental as its keeper needs it: everything that is written down about it. Times are milliseconds since 1970. */
export interface RentalRecord {
  readonly id: string;
  readonly instanceId: string;
  readonly terms: RentalTerms;
  readonly work: RentalWork;
  readonly goal: RentalGoal;
  /** Since when it is wanted; also of the newest change of its terms. */
  readonly goalAtMs: number;
  /** Who wants it: a person, by word or by what was agreed, or the keeper for want of anything better. */
  readonly goalBy: 'person' | 'keeper';
  readonly state: RentalState;
  readonly stateSinceMs: number;
  /** The machine of the open try as last seen. */
  readonly seen: RentedInstance | null;
  readonly startAskedAtMs: number | null;
  /** When a person wanted it restarted; null once the service is asked, or another goal came between. */
  readonly restartWantedAtMs: number | null;
  readonly idleSinceMs: number | null;
  /** Since when what can be saved is being saved, because a limit was reached. */
  readonly savingSinceMs: number | null;
  readonly spentNanoUsd: number;
  /** Of that, what the disk and the traffic cost; the rest is the machine. */
  readonly spentDiskNanoUsd: number;
  readonly spentTrafficNanoUsd: number;
  readonly spentUntilMs: number | null;
  readonly failure: Failure | null;
  readonly alarm: Failure | null;
  /** Of the newest request to the service for it; null once one succeeded. */
  readonly requestFailure: Failure | null;
  readonly createdAtMs: number;
  /** In the order in which they were made. */
  readonly tries: readonly RentalTryRecord[];
}

/** One request for one machine. */
export interface RentalTryRecord {
  readonly id: string;
  readonly ordinal: number;
  readonly state: RentalTryState;
  readonly label: string;
  readonly machineId: string;
  readonly offer: Offer;
  readonly estimate: RentalEstimate;
  /** The service's id of the instance; null while none is known. */
  readonly serviceId: string | null;
  /** Of the service, that it was asked for with; null in what was written before it was kept. */
  readonly accountId: string | null;
  /** Since then an instance of this label may exist; null while the service cannot have heard of it. */
  readonly sentAtMs: number | null;
  readonly thereAtMs: number | null;
  readonly reachableAtMs: number | null;
  readonly releasedAtMs: number | null;
  readonly goneAtMs: number | null;
  readonly failure: Failure | null;
  /** As its machine was last seen; null before it was. */
  readonly phase: RentalPhase | null;
  readonly phaseSinceMs: number | null;
  /** Of the first failure to reach it after the last success; null while it answers, and before it was tried. */
  readonly failingSinceMs: number | null;
  readonly failingWith: Failure | null;
  /** Whether it stops itself when it hears nothing of us; null before it said so. */
  readonly selfStop: SelfStop | null;
}

/** What jobs make of a rental's machine. */
export interface RentalJobs {
  /** Queued or running. */
  readonly open: number;
  readonly ended: number;
  /** Whether the newest of them succeeded. */
  readonly hasSucceeded: boolean;
  /** Files that are on the machine alone. */
  readonly unsaved: readonly string[];
  /** Of these together, as far as their sizes are known. */
  readonly unsavedBytes: number;
  /** When a byte of these last came home; null when none ever did. */
  readonly arrivedAtMs: number | null;
  /** How many files are being brought home or wait for it. */
  readonly saving: number;
}

/** The moment that a decision is taken in. */
export interface RentalSight {
  readonly nowMs: number;
  /** The newest whole list that was begun after our last request for this rental; null while there is none. */
  readonly list: { readonly readAtMs: number; readonly instances: readonly RentedInstance[] } | null;
  /** The money of the account; null while it is not known. */
  readonly credit: {
    readonly creditNanoUsd: number;
    /** What all machines of the account cost in an hour now. */
    readonly burnNanoUsdPerHour: number;
    readonly hasCard: boolean | null;
  } | null;
  /** Why the service cannot be asked about this rental; null while it can. */
  readonly blindness: Failure | null;
  /** Since when this keeper works: what was sent before it may have been sent just then. */
  readonly keeperSinceMs: number;
  /** When this keeper last tried to reach the machine in its present phase; what an earlier one met is not enough. */
  readonly knockedAtMs: number | null;
  readonly jobs: RentalJobs;
  readonly askedAtMs: Readonly<Record<'destroy' | 'start' | 'stop' | 'choose' | 'save', number | null>>;
  /** Failed requests of this rental in a row: pauses grow with them. */
  readonly failures: number;
}

/** Tries whose instance may exist or come to exist. */
export function openTries(record: RentalRecord): RentalTryRecord[] {
  return record.tries.filter(({ state }) => state !== 'gone');
}

/** The try that the rental lives on: asked for, or there. There is never more than one. */
export function presentTry(record: RentalRecord): RentalTryRecord | null {
  return record.tries.find(({ state }) => state === 'asking' || state === 'there') ?? null;
}
