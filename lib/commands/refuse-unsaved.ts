import * as z from 'zod';
import { FailureError } from '../domain/failure';
import type { UnsavedFile } from '../store/unsaved-files';

/** Each file that may be lost, by its name. A machine that was kept for months may hold thousands. */
export const confirmedUnsavedSchema = z.array(z.string().min(1).max(300)).max(10_000);

/**
 * Refuses what would lose files that are on a machine and nowhere else, unless a person named each of them.
 * @param without what is done without them, as the remedy says it: "give the machine back".
 * @throws FailureError `rental-holds-unsaved` for a rented machine, `conflict` for another.
 */
export function refuseUnsaved(
  code: 'rental-holds-unsaved' | 'conflict',
  without: string,
  unsaved: readonly UnsavedFile[],
  confirmed: readonly string[],
): void {
  const given = new Set(confirmed);
  const names = unsaved.map(({ fileName }) => fileName).filter((name) => !given.has(name));
  if (names.length === 0) return;
  throw new FailureError(
    code,
    `${names.length === 1 ? 'A file is' : `${names.length} files are`} on this machine and nowhere else: ${names.join(', ')}.`,
    { remedy: `Bring them home first, or name each of them to ${without} without them.`, evidence: names },
  );
}
