import { formatDuration } from '../../lib/domain/duration';
import type { RentalBrief, RentalSummary } from '../../lib/domain/rental-summary';
import { failureTitle } from '../_copy/failure-copy';
import { rateWords } from '../_copy/rate-words';

export interface RentalAlarm {
  readonly key: string;
  /** `bad` costs money for nothing or may; `warn` is about not knowing. */
  readonly tone: 'bad' | 'warn';
  readonly title: string;
  readonly text: string;
  /** Where something can be done about it. */
  readonly href: string;
}

/** A machine between two jobs, or between its last one and its end, is not worth an alarm. */
const IDLE_MS = 120_000;

/**
 * What a person has to look at now, the dearest first.
 * @param nowMs null where the time is not known, as while a page is made: then nothing is idle yet
 */
export function rentalAlarms(summary: RentalSummary, nowMs: number | null): RentalAlarm[] {
  const { rentals, strays, failure } = summary;
  return [
    ...rentals.flatMap((rental) => idleAlarm(rental, nowMs)),
    ...rentals.flatMap(({ id, instanceId, instanceName, alarm }): RentalAlarm[] =>
      alarm === null
        ? []
        : [
            {
              key: `alarm ${id}`,
              tone: 'bad',
              title: failureTitle(alarm.code),
              text: `${instanceName}: ${alarm.message}`,
              href: `/instances/${instanceId}`,
            },
          ],
    ),
    ...strays.flatMap(({ serviceId, choice, nowNanoUsdPerHour }): RentalAlarm[] =>
      choice === 'destroy'
        ? []
        : [
            {
              key: `stray ${serviceId}`,
              tone: 'bad',
              title: 'An instance of ours that no job knows',
              text: `${serviceId} on vast.ai carries our label: ${rateWords(nowNanoUsdPerHour)}. Destroy it, or say that it may stay.`,
              href: '/instances#vast',
            },
          ],
    ),
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

/** Whether a machine runs, is billed for and has had nothing to do for a while. */
export function isIdleTooLong(
  { state, idleSince }: Pick<RentalBrief, 'state' | 'idleSince'>,
  nowMs: number | null,
): boolean {
  if (state !== 'ready' || idleSince === null || nowMs === null) return false;
  return nowMs - Date.parse(idleSince) >= IDLE_MS;
}

function idleAlarm(rental: RentalBrief, nowMs: number | null): RentalAlarm[] {
  if (nowMs === null || rental.idleSince === null || !isIdleTooLong(rental, nowMs)) return [];
  const idleMs = nowMs - Date.parse(rental.idleSince);
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
