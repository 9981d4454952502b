import { type Failure, toFailure } from '../../domain/failure';
import {
  isAboutWholeKey,
  RENTAL_RIGHTS,
  type RentalKeyReport,
  type RentalRight,
  rightReport,
} from '../../domain/rental-question';
import type { RentalAccount } from '../../domain/rented-instance';
import { listVastCharges, readVastAccount } from './vast-account';
import type { VastApi } from './vast-api';
import { changeVastInstance, listVastInstances } from './vast-instances';
import { searchVastOffers } from './vast-offers';
import { ROUTES } from './vast-routes';
import { doneSchema } from './vast-schemas';

const HOUR_MS = 3_600_000;
/** No instance has it, so a change of it changes nothing. */
const NOBODYS_ID = '0';
const SMALL_SEARCH = {
  diskGb: 10,
  leastDownBitsPerSecond: 0,
  leastReliability: 0,
  countries: [],
  mostOffers: 1,
} as const;

/**
 * Tries each right that Quantdeck needs, with requests that change nothing: vast has no route that lists them. Rights to
 * write are tried with what cannot be: an empty key, an instance that is nobody's.
 * @throws FailureError when the key as a whole is refused, or vast cannot be reached at all.
 */
export async function readVastRights(api: VastApi): Promise<RentalKeyReport> {
  let account: RentalAccount | null = null;
  const tries: Readonly<Record<RentalRight, () => Promise<unknown>>> = {
    misc: () => searchVastOffers(api, SMALL_SEARCH),
    user_read: async () => {
      account = await readVastAccount(api);
    },
    user_write: () => placeNoKey(api),
    instance_read: () => listVastInstances(api),
    instance_write: () => changeNothing(api),
    billing_read: () => listVastCharges(api, api.connection.clock.nowMs() - HOUR_MS, api.connection.clock.nowMs()),
  };
  // The account first: a key that is no key at all shows there.
  const own = await failureOf(tries.user_read);
  const others = RENTAL_RIGHTS.filter((right) => right !== 'user_read');
  const rest = await Promise.all(others.map(async (right) => [right, await failureOf(tries[right])] as const));
  const failures = new Map<RentalRight, Failure | null>([['user_read', own], ...rest]);
  return {
    isReal: api.connection.isReal,
    account,
    rights: RENTAL_RIGHTS.map((right) => rightReport(right, failures.get(right) ?? null)),
  };
}

async function failureOf(work: () => Promise<unknown>): Promise<Failure | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'internal' || isAboutWholeKey(failure)) throw error;
    return failure;
  }
}

/** Refused for being empty: then it would have been taken. */
async function placeNoKey(api: VastApi): Promise<void> {
  const request = { route: ROUTES.addAccountKey, path: '/api/v0/ssh/', body: { ssh_key: '' } };
  await unless('rental-refused', api.ask(request, doneSchema));
}

async function changeNothing(api: VastApi): Promise<void> {
  await unless('rental-not-found', changeVastInstance(api, NOBODYS_ID, { label: '' }));
}

async function unless(expected: Failure['code'], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (toFailure(error).code !== expected) throw error;
  }
}
