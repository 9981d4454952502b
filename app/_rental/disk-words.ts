import { formatBytes } from '../../lib/domain/bytes';
import type { RentedInstance } from '../../lib/domain/rented-instance';

type Disk = Pick<RentedInstance, 'diskBytes' | 'diskUsedBytes'> | null;

/** A converter that finds no room stops in the middle of a file: said while something can still be done. */
const NEARLY_FULL_SHARE = 0.85;

/** Whether less than a seventh of a rented machine's disk is left; false while the service does not say. */
export function isDiskNearlyFull(seen: Disk): boolean {
  if (!seen?.diskBytes || seen.diskUsedBytes === null) return false;
  return seen.diskUsedBytes >= NEARLY_FULL_SHARE * seen.diskBytes;
}

/** `20.0 GiB of 83.8 GiB are used (24 %)`, as much of it as the service says; null when it says nothing. */
export function diskWords(seen: Disk): string | null {
  if (!seen?.diskBytes) return null;
  if (seen.diskUsedBytes === null) return formatBytes(seen.diskBytes);
  const percent = Math.round((100 * seen.diskUsedBytes) / seen.diskBytes);
  return `${formatBytes(seen.diskUsedBytes)} of ${formatBytes(seen.diskBytes)} are used (${percent} %)`;
}
