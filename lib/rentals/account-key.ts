import { isFailureError } from '../domain/failure';
import { isSamePublicKey } from '../domain/key-text';
import type { OpenAccount } from './account-watch';
import type { RentalCase } from './rental-case';
import type { RentalParts } from './rental-ports';

/**
 * The way through the service's own proxy needs the key on the account. Not every key may put it there; one route less.
 * What we put there is written down before, so that it is taken off again; what a person put there stays.
 */
export async function placeAccountKey(
  { parts, provider, accountId, record }: RentalCase,
  publicKey: string,
): Promise<void> {
  const { ledger, clock } = parts;
  const isNew = await ledger.notePlacedKey(accountId, publicKey, clock.nowMs());
  try {
    if (!(await provider.addAccountKey(publicKey)) && isNew) await ledger.forgetPlacedKey(accountId, publicKey);
  } catch (error) {
    if (!isFailureError(error)) throw error;
    const text = `The SSH key could not be put on the account, so only the direct way to the machine will work. ${error.failure.message}`;
    await ledger.note(record.id, 'note', text, clock.nowMs());
  }
}

/** Takes our keys off an account that nothing of ours is rented in any more; what fails is done at the next look. */
export async function removePlacedKeys(parts: RentalParts, { provider, accountId }: OpenAccount): Promise<void> {
  const placed = await parts.ledger.listPlacedKeys(accountId);
  if (placed.length === 0) return;
  try {
    const present = await provider.accountKeys();
    for (const publicKey of placed) {
      for (const { id } of present.filter((each) => isSamePublicKey(each.publicKey, publicKey))) {
        await provider.removeAccountKey(id);
      }
      await parts.ledger.forgetPlacedKey(accountId, publicKey);
    }
  } catch (error) {
    if (!isFailureError(error)) throw error;
    parts.logger.warn(`our SSH key could not be taken off the account: ${error.failure.message}`);
  }
}
