import { createId } from './create-id';
import { readSetting, writeSetting } from './settings-store';
import { writeTransaction } from './write-transaction';

/** What tells this dashboard's rented machines from those of others that use the same account. Made once, then kept. */
export function ensureInstallationId(): Promise<string> {
  return writeTransaction(async (transaction) => {
    const kept = await readSetting('installationId', transaction);
    if (typeof kept === 'string') return kept;
    const id = createId();
    await writeSetting(transaction, 'installationId', id);
    return id;
  });
}
