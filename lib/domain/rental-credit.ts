import { formatDuration } from './duration';
import { type Failure, FailureError } from './failure';
import { formatUsd } from './money';
import type { RentalEstimate } from './rental-estimate';
import { presentTry, type RentalRecord, type RentalSight } from './rental-record';
import { rateOf } from './rental-summary';
import type { RentalAccount, RentedInstance } from './rented-instance';
import { workLeftMs } from './work-left';

const HOUR_MS = 3_600_000;
/** An estimate may be low by so much before the credit runs out in the middle of a job … */
const RESERVE_PERCENT = 130;
/** … and so much is left then to bring files home and to keep a disk for a day. */
const RESERVE_NANO_USD = 1_000_000_000;
/** A stopped machine's disk is to last so long, for somebody to come back. */
const STOPPED_LEFT_MS = 24 * HOUR_MS;
const ADD_CREDIT = 'Add credit on vast.ai under Billing';

/** Why nothing is to be rented from this account at this price; null when nothing speaks against it. */
export function accountProblem(account: RentalAccount, estimate: Pick<RentalEstimate, 'totalNanoUsd'>): Failure | null {
  if (account.isEmailVerified === false) {
    return new FailureError(
      'rental-email-unverified',
      'vast.ai rents nothing to an account whose e-mail address is not confirmed. Nothing was rented.',
      { remedy: 'Open the message that vast.ai sent to the address of the account, confirm it, then try again.' },
    ).failure;
  }
  const needed = Math.round((estimate.totalNanoUsd * RESERVE_PERCENT) / 100) + RESERVE_NANO_USD;
  if (account.creditNanoUsd >= needed) return null;
  return new FailureError(
    'rental-no-credit',
    `The account has ${formatUsd(account.creditNanoUsd)} of credit, and ${formatUsd(needed)} are wanted for this job. Nothing was rented.`,
    {
      remedy: `${ADD_CREDIT}, then try again.`,
      evidence: [
        `estimated ${formatUsd(estimate.totalNanoUsd)}, and ${RESERVE_PERCENT - 100} % of it and ${formatUsd(RESERVE_NANO_USD)} in reserve: without credit vast.ai stops the machine in the middle of its work`,
      ],
    },
  ).failure;
}

/** Whether nothing is started any more before the account has money, or may spend it, again. */
export function isForMoney({ code }: Failure): boolean {
  return code === 'rental-no-credit' || code === 'rental-spend-limit';
}

/** What the machines of an account cost in an hour now. Where no price is told nothing is added. */
export function burnNanoUsdPerHour(instances: readonly RentedInstance[]): number {
  return instances.reduce((sum, seen) => sum + (rateOf(seen) ?? 0), 0);
}

/** That the credit is used up, or will be before the machine has done its work; null for neither. */
export function creditAlarm(record: RentalRecord, { nowMs, credit }: RentalSight): Failure | null {
  if (record.alarm !== null && isForMoney(record.alarm) && record.state === 'stopped' && record.goal === 'running')
    return record.alarm;
  const attempt = presentTry(record);
  if (credit === null || attempt?.state !== 'there') return null;
  const { creditNanoUsd, hasCard } = credit;
  const then =
    hasCard === false
      ? 'No card is saved there, so what is on the disks is destroyed a while after.'
      : 'Disks are billed on.';
  if (creditNanoUsd <= 0) {
    return new FailureError(
      'rental-no-credit',
      `The credit of the account is used up: vast.ai stops all machines. ${then}`,
      {
        remedy: `${ADD_CREDIT}: Quantdeck starts the machine again then.`,
        evidence: [`credit ${formatUsd(creditNanoUsd)}`],
      },
    ).failure;
  }
  const lastsMs = credit.burnNanoUsdPerHour > 0 ? (creditNanoUsd / credit.burnNanoUsdPerHour) * HOUR_MS : null;
  const leftMs = record.goal === 'stopped' ? STOPPED_LEFT_MS : workLeftMs(record, attempt, nowMs);
  if (lastsMs === null || lastsMs >= leftMs) return null;
  return new FailureError(
    'rental-credit-low',
    `The credit of the account, ${formatUsd(creditNanoUsd)}, lasts for less than what is to be done: then vast.ai stops all machines. ${then}`,
    {
      remedy: `${ADD_CREDIT}, or give back what you do not need.`,
      evidence: [
        `at ${formatUsd(credit.burnNanoUsdPerHour)} an hour it lasted for ${formatDuration(lastsMs)} when this was noticed`,
        `${formatDuration(leftMs)} were still needed`,
      ],
    },
  ).failure;
}
