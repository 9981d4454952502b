import { formatDuration } from './duration';
import { type Failure, FailureError } from './failure';
import { presentTry, type RentalRecord, type RentalSight } from './rental-record';
import { workLeftMs } from './work-left';

const HOUR_MS = 3_600_000;
/** So long before the end of the contract a person is told at the latest, and no sooner than the work needs. */
const RUNNING_MS = 2 * HOUR_MS;
/** Of a machine that is kept stopped: nobody looks at it every hour. */
const STOPPED_MS = 72 * HOUR_MS;

/**
 * That the contract of the machine ends before its work is done, or soon: vast stops it then for good, and may delete what
 * is on it 48 hours later. Null while there is time, and where no end is told.
 */
export function contractAlarm(record: RentalRecord, { nowMs }: RentalSight): Failure | null {
  const attempt = presentTry(record);
  const { seen } = record;
  if (attempt?.state !== 'there' || seen?.id !== attempt.serviceId || seen.endsAtMs === null) return null;
  const leftMs = seen.endsAtMs - nowMs;
  const noticeMs = record.goal === 'stopped' ? STOPPED_MS : Math.max(RUNNING_MS, workLeftMs(record, attempt, nowMs));
  if (leftMs >= noticeMs) return null;
  const end = new Date(seen.endsAtMs).toISOString();
  const when = `${end.slice(0, 10)} ${end.slice(11, 16)} UTC`;
  const message =
    leftMs > 0
      ? `The host lets this machine only until ${when}: vast.ai stops it then for good, and may delete what is on it 48 hours later.`
      : `The host let this machine until ${when}: vast.ai has stopped it for good, and may delete what is on it 48 hours after that.`;
  return new FailureError('rental-contract-ends', message, {
    remedy: 'Bring the files home that are on it, then give it back; what is not done by then needs another machine.',
    evidence: [`${formatDuration(Math.max(0, leftMs))} were left when this was noticed`],
  }).failure;
}
