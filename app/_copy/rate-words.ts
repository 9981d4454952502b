import { formatUsd } from '../../lib/domain/money';

/** `$0.13/h`; prices below ten cents keep their third digit, which is a tenth of them. */
export function formatUsdPerHour(nanoUsdPerHour: number): string {
  const isSmall = nanoUsdPerHour < 100_000_000;
  return `${isSmall ? formatUsd(nanoUsdPerHour) : `$${(nanoUsdPerHour / 1e9).toFixed(2)}`}/h`;
}

export const UNKNOWN_RATE = 'price not known';

/** `$0.13/h`, or that nobody says. */
export function rateWords(nanoUsdPerHour: number | null): string {
  if (nanoUsdPerHour === null) return UNKNOWN_RATE;
  return nanoUsdPerHour === 0 ? 'nothing billed' : formatUsdPerHour(nanoUsdPerHour);
}
