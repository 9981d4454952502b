import { containerLogLines } from '../domain/container-log';
import { isFailureError } from '../domain/failure';
import type { RentalTryRecord } from '../domain/rental-record';
import type { RentalCase } from './rental-case';

/** After a machine that runs has refused our key for so long, what its SSH server writes about that is kept. */
export const KEY_REFUSED_MS = 180_000;
const LINES = 200;

/**
 * Keeps the last lines of a container with its try, once for each occasion: with the machine they are gone, and some
 * reasons stand nowhere else. Without an answer there is none; nothing waits for it twice.
 */
export async function keepLog(
  { parts, provider, memory }: RentalCase,
  { id, serviceId }: RentalTryRecord,
  occasion: 'key refused' | 'given up',
): Promise<void> {
  const once = `${id} ${occasion}`;
  if (serviceId === null || memory.logsAskedFor.has(once)) return;
  memory.logsAskedFor.add(once);
  try {
    const lines = containerLogLines((await provider.readLog(serviceId, LINES)) ?? '');
    if (lines.length > 0) await parts.ledger.recordContainerLog(id, lines.join('\n'));
  } catch (error) {
    if (!isFailureError(error)) throw error;
    parts.logger.info(`the log of a machine could not be read: ${error.failure.message}`);
  }
}
