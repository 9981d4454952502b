import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveRentalKey } from '../../lib/commands/save-rental-key';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { runtime } from '../../lib/store/runtime';
import { readSecret } from '../../lib/store/secret-store';
import { VAST_KEY_OWNER } from '../../lib/store/settings-store';
import { openTestDatabase, type TestDatabase } from '../support/test-database';
import { addRentedJob, moveRental, putMachine } from '../support/test-rental';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:own', privateKey: 'own' }));
});
afterAll(() => database.close());

describe('another key', () => {
  it('is taken as it is while nothing is rented with the former one', async () => {
    await saveRentalKey({ vastKey: 'first-key-of-the-test' });
    const { rentalId } = await addRentedJob();
    await saveRentalKey({ vastKey: 'second-key-of-the-test' });
    expect(await readSecret(VAST_KEY_OWNER)).toBe('second-key-of-the-test');
    await moveRental(rentalId, 'ended');
  });

  it('is refused, as is its removal, while a machine is rented that was not named', async () => {
    const { rentalId, instanceId } = await addRentedJob();
    await putMachine(rentalId);
    const { name } = await runtime().client.instance.findUniqueOrThrow({ where: { id: instanceId } });
    const refused = { failure: { code: 'conflict', evidence: [name] } };
    await expect(saveRentalKey({ vastKey: 'third-key-of-the-test' })).rejects.toMatchObject(refused);
    await expect(saveRentalKey({ vastKey: null, confirmedRentals: ['another'] })).rejects.toMatchObject(refused);
    expect(await readSecret(VAST_KEY_OWNER)).toBe('second-key-of-the-test');
    await saveRentalKey({ vastKey: 'third-key-of-the-test', confirmedRentals: [name] });
    expect(await readSecret(VAST_KEY_OWNER)).toBe('third-key-of-the-test');
  });
});
