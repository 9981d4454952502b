import { type Failure, FailureError } from './failure';
import { openTries, type RentalRecord, type RentalTryRecord } from './rental-record';
import { isUnknown, LABEL_WATCH_MS } from './rental-release';

/**
 * Whether something of a rental is, or may yet come to be, in another account than the one that can be looked at: then no
 * answer of the service proves anything about it.
 */
export function isOfOtherAccount({ tries }: RentalRecord, accountId: string, nowMs: number): boolean {
  return tries.some((each) => each.accountId !== null && each.accountId !== accountId && mayBeThere(each, nowMs));
}

/** What was proven gone, was proven so in its own account; of an order that was refused nothing comes. */
function mayBeThere({ state, serviceId, sentAtMs, failure }: RentalTryRecord, nowMs: number): boolean {
  if (sentAtMs === null) return false;
  return state !== 'gone' || (serviceId === null && isUnknown(failure) && nowMs - sentAtMs < LABEL_WATCH_MS);
}

/** What a person has to know while the key that is set sees another account than the one these were rented in. */
export function accountChanged(rentals: readonly RentalRecord[]): Failure {
  const ids = rentals.flatMap((record) => openTries(record).flatMap(({ serviceId }) => serviceId ?? []));
  return new FailureError(
    'rental-account-changed',
    `The vast.ai key that is set belongs to another account. ${machinesOf(ids.length)}.`,
    {
      remedy: 'Enter a key of the former account in the settings, or destroy them on the page of vast.ai.',
      evidence: ids.map((id) => `instance ${id}`),
    },
  ).failure;
}

function machinesOf(count: number): string {
  if (count === 0)
    return 'A machine may have been rented in the former one: with this key it can neither be seen nor given back, and would be billed on';
  const machines =
    count === 1 ? 'A machine of the former one still runs' : `${count} machines of the former one still run`;
  return `${machines}: with this key they can neither be seen nor given back, and are billed on`;
}
