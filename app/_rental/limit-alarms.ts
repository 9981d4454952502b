import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import type { RentalBrief, RentalSummary } from '../../lib/domain/rental-summary';
import { WARNING_SHARE } from '../../lib/domain/warning-share';
import type { RentalAlarm } from './rental-alarm';

/** Nothing of these is in work any more. */
const AT_REST = new Set<RentalBrief['state']>(['stopped', 'releasing', 'ended']);

/** What comes close to a limit while something can still be done about it. */
export function limitAlarms({ rentals, month }: RentalSummary, nowMs: number | null): RentalAlarm[] {
  return [...rentals.flatMap((rental) => nearLimit(rental, nowMs)), ...monthAlarm(month)];
}

function nearLimit(rental: RentalBrief, nowMs: number | null): RentalAlarm[] {
  const { id, instanceId, instanceName, state, alarm, spentNanoUsd, mostNanoUsd } = rental;
  if (AT_REST.has(state) || alarm !== null) return [];
  const spent =
    spentNanoUsd >= WARNING_SHARE * mostNanoUsd
      ? [`${formatUsd(spentNanoUsd)} of ${formatUsd(mostNanoUsd)} are spent.`]
      : [];
  const isLate = nowMs !== null && nowMs >= Date.parse(rental.warnsAt);
  const passed = isLate ? [`Its time is over ${inWords(Date.parse(rental.deadlineAt) - nowMs)}.`] : [];
  const words = [...spent, ...passed];
  if (words.length === 0) return [];
  return [
    {
      key: `limit ${id}`,
      tone: 'warn',
      title: 'Close to its limit',
      text: `${instanceName}: ${words.join(' ')} At the limit its job is ended. It can be extended before.`,
      href: `/instances/${instanceId}`,
    },
  ];
}

function inWords(leftMs: number): string {
  return leftMs < 60_000 ? 'now' : `in ${formatDuration(leftMs)}`;
}

function monthAlarm(month: RentalSummary['month']): RentalAlarm[] {
  if (month === null || month.limitNanoUsd === null || month.spentNanoUsd === 0) return [];
  const { limitNanoUsd, spentNanoUsd, promisedNanoUsd } = month;
  if (spentNanoUsd < WARNING_SHARE * limitNanoUsd) return [];
  const rented = promisedNanoUsd > 0 ? `, and what is rented now may come to ${formatUsd(promisedNanoUsd)} more` : '';
  return [
    {
      key: 'month',
      tone: 'warn',
      title: 'Close to the limit of this month',
      text: `${formatUsd(spentNanoUsd)} of ${formatUsd(limitNanoUsd)} are spent${rented}. Beyond the limit nothing else is rented or extended.`,
      href: '/settings#vast',
    },
  ];
}
