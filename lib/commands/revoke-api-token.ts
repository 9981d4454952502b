import { FailureError } from '../domain/failure';
import { writeTransaction } from '../store/write-transaction';

/** Ends an API token for ever. Doing it twice is fine. Throws `not-found`. */
export async function revokeApiToken(tokenId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    const row = await transaction.apiToken.findUnique({ where: { id: tokenId } });
    if (!row) throw new FailureError('not-found', 'There is no such token.');
    await transaction.apiToken.updateMany({ where: { id: tokenId, revokedAt: null }, data: { revokedAt: new Date() } });
  });
}
