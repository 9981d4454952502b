import type { RentalEndpoint } from './rental-endpoint';
import type { RentalFacts } from './rental-phase';

/** A rented machine as its provider described it at one moment. Its identity is its id; everything else may change. */
export interface RentedInstance extends RentalFacts {
  readonly id: string;
  readonly machineId: string;
  /** What we called it when we rented it. */
  readonly label: string | null;
  readonly image: string | null;
  readonly gpuName: string | null;
  readonly gpuCount: number;
  readonly place: string | null;
  readonly cores: number | null;
  readonly memoryBytes: number | null;
  readonly diskBytes: number | null;
  readonly diskUsedBytes: number | null;
  /** Where it answers by SSH, best first; empty while that is not known. Old after seconds: see `areEndpointsFresh`. */
  readonly endpoints: readonly RentalEndpoint[];
  /** Machine and disk together while it runs. Prices are null when they are not told, never zero. */
  readonly runningNanoUsdPerHour: number | null;
  /** The disk alone: what it costs while stopped. */
  readonly storageNanoUsdPerHour: number | null;
  readonly downNanoUsdPerGb: number | null;
  readonly upNanoUsdPerGb: number | null;
  /** Billed so far, as the provider counts; null while it does not say. */
  readonly downBilledBytes: number | null;
  readonly upBilledBytes: number | null;
  readonly gauges: RentalGauges;
  /** Of the rental, not of the present run. */
  readonly rentedAtMs: number | null;
  /** Then the provider stops it for good. */
  readonly endsAtMs: number | null;
}

/** What the provider measures; null is a gap, not a zero. */
export interface RentalGauges {
  readonly gpuUtilizationPercent: number | null;
  readonly gpuTemperatureCelsius: number | null;
  readonly cpuUtilizationPercent: number | null;
  readonly memoryUsedBytes: number | null;
}

/** What a provider charged for one instance in one stretch of time. */
export interface RentalCharge {
  readonly instanceId: string | null;
  readonly label: string | null;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly totalNanoUsd: number;
  readonly computeNanoUsd: number;
  readonly diskNanoUsd: number;
  readonly downloadNanoUsd: number;
  readonly uploadNanoUsd: number;
}

/** What all charges come to; null while the service has not said any. */
export function chargedNanoUsd(charges: readonly RentalCharge[] | null): number | null {
  return charges?.reduce((sum, { totalNanoUsd }) => sum + totalNanoUsd, 0) ?? null;
}

/** The account behind a key. */
export interface RentalAccount {
  readonly id: string;
  readonly email: string | null;
  /** What is left to spend. */
  readonly creditNanoUsd: number;
  /** All that was ever spent: its growth is the true cost of a time, whatever was paid in meanwhile. */
  readonly spentNanoUsd: number | null;
  readonly isEmailVerified: boolean | null;
  readonly hasCard: boolean | null;
}

/** A public key that the provider knows. */
export interface RentalSshKey {
  readonly id: string;
  /** One line as in authorized_keys. */
  readonly publicKey: string;
}
