import { WARNING_SHARE } from '../../lib/domain/warning-share';

/** How a budget is drawn: as a warning when it nears its end, as bad from there on. */
export function budgetTone(spentNanoUsd: number, mostNanoUsd: number): 'accent' | 'warn' | 'bad' {
  if (spentNanoUsd >= mostNanoUsd) return 'bad';
  return spentNanoUsd >= WARNING_SHARE * mostNanoUsd ? 'warn' : 'accent';
}
