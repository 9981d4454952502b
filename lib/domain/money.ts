/*
 * Money in whole billionths of a US dollar. Prices of rented machines go down to millionths of a dollar an hour and are
 * added up thousands of times, so no amount is ever a fraction; nine million dollars still fit a safe integer. Names end
 * in what a price is for: `…NanoUsd`, `…NanoUsdPerHour`, `…NanoUsdPerGb` (10^9 bytes), `…NanoUsdPerGbMonth`.
 */
const NANO = 1_000_000_000n;
const HOUR_MS = 3_600_000n;
/** Storage is priced for a month of 720 hours. */
const MONTH_HOURS = 720n;
const GB = 1_000_000_000n;

/**
 * A number of dollars as whole billionths, rounded once and exactly (`toFixed` works on the number's true value).
 * @throws RangeError for what is not a number or too large to be exact.
 */
export function nanoUsdOf(usd: number): number {
  if (!Number.isFinite(usd) || Math.abs(usd) >= 9_000_000) throw new RangeError(`${usd} is no amount of money`);
  return Number(BigInt(usd.toFixed(9).replace('.', '')));
}

/** What a time costs at a price per hour. */
export function costOfTime(priceNanoUsdPerHour: number, durationMs: number): number {
  return divide(BigInt(priceNanoUsdPerHour) * BigInt(durationMs), HOUR_MS);
}

/** What moving bytes costs at a price per gigabyte. */
export function costOfTraffic(priceNanoUsdPerGb: number, sizeBytes: number): number {
  return divide(BigInt(priceNanoUsdPerGb) * BigInt(sizeBytes), GB);
}

/** What a disk costs per hour. */
export function storageNanoUsdPerHour(priceNanoUsdPerGbMonth: number, diskGb: number): number {
  return divide(BigInt(priceNanoUsdPerGbMonth) * BigInt(diskGb), MONTH_HOURS);
}

/** `$0.174`, `$12.30`, `-$0.02`; below a tenth of a cent `<$0.001`, since "$0.000" reads as free. */
export function formatUsd(amountNanoUsd: number): string {
  const sign = amountNanoUsd < 0 ? '-' : '';
  const amount = Math.abs(amountNanoUsd);
  if (amount === 0) return '$0.00';
  if (amount < 1_000_000) return `${sign}<$0.001`;
  const digits = amount < 995_000_000 ? 3 : 2;
  const unit = 10n ** BigInt(9 - digits);
  const rounded = divide(BigInt(amount), unit);
  const scale = 10 ** digits;
  return `${sign}$${Math.floor(rounded / scale)}.${String(rounded % scale).padStart(digits, '0')}`;
}

/** Half up, as a bill rounds; exact whatever the size of the factors. */
function divide(dividend: bigint, divisor: bigint): number {
  const doubled = 2n * dividend + (dividend < 0n ? -divisor : divisor);
  const quotient = doubled / (2n * divisor);
  if (quotient > 9_000_000n * NANO || quotient < -9_000_000n * NANO) throw new RangeError('that is no amount of money');
  return Number(quotient);
}
