import { isFailureError } from '../domain/failure';
import { basesOnCard } from './config-evidence';
import type { HubConnection } from './hub-connection';
import type { HubListing } from './hub-listing';

const MOST_TRIED = 2;

/**
 * The files of the model that a model was made from, at the commit that they are at now: what a repair may take files
 * from. Best effort, as all that other repositories say: one that is gone or gated is passed over.
 */
export async function findBase(
  connection: HubConnection,
  listing: HubListing,
  list: (repo: string, revision: string) => Promise<HubListing>,
): Promise<HubListing | null> {
  try {
    for (const name of (await basesOnCard(connection, listing)).slice(0, MOST_TRIED)) {
      const base = await list(name, 'main').catch(passOver);
      if (base) return base;
    }
    return null;
  } catch (error) {
    return passOver(error);
  }
}

function passOver(error: unknown): null {
  if (isFailureError(error)) return null;
  throw error;
}
