import { formatDuration } from '../../lib/domain/duration';
import type { FailureCode } from '../../lib/domain/failure';
import type { RentalBrief, RentalSummary, StrayBrief } from '../../lib/domain/rental-summary';
import { failureTitle } from '../_copy/failure-copy';
import { rateWords } from '../_copy/rate-words';
import { limitAlarms } from './limit-alarms';
import type { RentalAlarm } from './rental-alarm';

/** A machine between two jobs, or between its last one and its end, is not worth an alarm. */
const IDLE_MS = 120_000;
/** Destroying takes seconds, and its proof a little longer. */
const DESTROYED_MS = 5 * 60_000;

/** What happens at a limit was agreed. */
const OF_LIMIT = new Set<FailureCode>(['rental-budget-reached', 'rental-deadline-reached']);

/**
 * What a person has to look at now, the dearest first.
 * @param nowMs null where the time is not known, as while a page is made: then nothing is idle yet
 */
export function rentalAlarms(summary: RentalSummary, nowMs: number | null): RentalAlarm[] {
  const { rentals, strays, failure } = summary;
  return [
    ...rentals.flatMap((rental) => idleAlarm(rental, nowMs)),
    ...otherAccountAlarm(rentals),
    ...rentals.flatMap(({ id, instanceId, instanceName, alarm }): RentalAlarm[] =>
      alarm === null || alarm.code === 'rental-account-changed'
        ? []
        : [
            {
              key: `alarm ${id}`,
              tone: OF_LIMIT.has(alarm.code) ? 'warn' : 'bad',
              title: failureTitle(alarm.code),
              text: `${instanceName}: ${alarm.message}`,
              href: `/instances/${instanceId}`,
            },
          ],
    ),
    ...strays.flatMap((stray) => strayAlarm(stray, nowMs)),
    ...limitAlarms(summary, nowMs),
    ...(failure !== null && summary.machineCount + rentals.length > 0
      ? [
          {
            key: 'look',
            tone: 'warn',
            title: failureTitle(failure.code),
            text: 'What is shown of rented machines is older than it should be.',
            href: '/instances#vast',
          } as const,
        ]
      : []),
  ];
}

function strayAlarm(stray: StrayBrief, nowMs: number | null): RentalAlarm[] {
  const { serviceId, choice, isOwn, nowNanoUsdPerHour } = stray;
  const shared = { key: `stray ${serviceId}`, href: '/instances#vast' } as const;
  const rate = rateWords(nowNanoUsdPerHour);
  if (choice === 'destroy') {
    const text = undestroyedWords(stray, nowMs);
    if (text === null) return [];
    return [
      { ...shared, tone: 'bad', title: 'An instance that should be gone is still there', text: `${text}: ${rate}.` },
    ];
  }
  if (isOwn) {
    const text = `${serviceId} on vast.ai carries our label: ${rate}. Destroy it, or say that it may stay.`;
    return [{ ...shared, tone: 'bad', title: 'An instance of ours that no job knows', text }];
  }
  const text = `${serviceId} on vast.ai carries the label of another Quantdeck, or of this one before its database was lost: ${rate}. Destroy it, or say that it may stay.`;
  return [{ ...shared, tone: 'warn', title: 'An instance of another Quantdeck', text }];
}

/** Why one that is to be destroyed needs somebody; null while it only takes its time. */
function undestroyedWords({ serviceId, failure, chosenAt }: StrayBrief, nowMs: number | null): string | null {
  if (failure !== null)
    return `${serviceId} on vast.ai could not be destroyed (${failure.message}) and may be billed on`;
  if (nowMs === null || nowMs - Date.parse(chosenAt) < DESTROYED_MS) return null;
  return `${serviceId} on vast.ai is to be destroyed for ${formatDuration(nowMs - Date.parse(chosenAt))}, and may be billed on`;
}

/** How long a machine that runs and is billed for has had nothing to do; null for one that works, or did a moment ago. */
export function idleTooLongMs(
  { state, idleSince }: Pick<RentalBrief, 'state' | 'idleSince'>,
  nowMs: number | null,
): number | null {
  if (state !== 'ready' || idleSince === null || nowMs === null) return null;
  const idleMs = nowMs - Date.parse(idleSince);
  return idleMs >= IDLE_MS ? idleMs : null;
}

/** One for all rentals of the former account: it is the key that has to be changed. */
function otherAccountAlarm(rentals: readonly RentalBrief[]): RentalAlarm[] {
  const alarm = rentals.find((rental) => rental.alarm?.code === 'rental-account-changed')?.alarm ?? null;
  if (alarm === null) return [];
  const { code, message } = alarm;
  return [{ key: 'account', tone: 'bad', title: failureTitle(code), text: message, href: '/settings#vast' }];
}

function idleAlarm(rental: RentalBrief, nowMs: number | null): RentalAlarm[] {
  const idleMs = idleTooLongMs(rental, nowMs);
  if (idleMs === null) return [];
  return [
    {
      key: `idle ${rental.id}`,
      tone: 'bad',
      title: 'Idle but billing',
      text: `${rental.instanceName} has had nothing to do for ${formatDuration(idleMs)}, at ${rateWords(rental.nowNanoUsdPerHour)}.`,
      href: `/instances/${rental.instanceId}`,
    },
  ];
}
