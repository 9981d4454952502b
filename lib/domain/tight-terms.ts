import { formatDuration } from './duration';
import { formatUsd } from './money';
import type { RentalTerms } from './rental';
import type { RentalEstimate } from './rental-estimate';

/** What of the terms may end a job before it is done, by what is expected of its machine: a sentence each. */
export function tightTerms(
  { mostNanoUsd, mostMs }: Pick<RentalTerms, 'mostNanoUsd' | 'mostMs'>,
  { highNanoUsd, totalMs }: Pick<RentalEstimate, 'highNanoUsd' | 'totalMs'>,
): string[] {
  return [
    ...(mostNanoUsd < highNanoUsd
      ? [`The job may cost up to ${formatUsd(highNanoUsd)}, more than the budget of ${formatUsd(mostNanoUsd)}.`]
      : []),
    ...(mostMs < totalMs
      ? [`The job takes about ${formatDuration(totalMs)}, longer than the deadline of ${formatDuration(mostMs)}.`]
      : []),
  ];
}
