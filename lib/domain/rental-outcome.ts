import type { Offer } from './offer';
import type { RentalEstimate, RentalTimes } from './rental-estimate';
import type { RentalWork } from './rental-work';

/** A part of the time that can be held against its estimate. What is between the parts is nobody's. */
export type MeasuredPart = Exclude<keyof RentalTimes, 'slackMs' | 'startMs'>;

/** What was expected of a part: when a container starts is not told, so loading is measured until the first answer. */
export function expectedMs(part: MeasuredPart, times: Pick<RentalTimes, MeasuredPart> & Partial<RentalTimes>): number {
  return part === 'loadMs' ? times.loadMs + (times.startMs ?? 0) : times[part];
}

/** A job that succeeded on a rented machine: what was expected of it, and what came of it. */
export interface RentalOutcome {
  readonly rentalId: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly offer: Offer;
  readonly work: RentalWork;
  /** As it was when the machine was chosen. */
  readonly predicted: RentalEstimate;
  /** Null for what was not measured from its beginning to its end in one go. */
  readonly times: Readonly<Record<MeasuredPart, number | null>>;
  /** From asking for the machine until it was proven gone; null while it is there. */
  readonly totalMs: number | null;
  readonly totalNanoUsd: number;
  /** Whether the service said so; else it is what we reckoned. */
  readonly isCharged: boolean;
  readonly endedAt: string | null;
}
