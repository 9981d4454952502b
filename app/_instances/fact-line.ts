import { formatBytes } from '../../lib/domain/bytes';
import type { HostFacts } from '../../lib/domain/instance';

/** A host in one line: `8 cores · 31.2 GiB RAM · 412.0 GiB free · RTX 4090`; only what is known. */
export function factLine(facts: HostFacts | null): string {
  if (!facts) return 'not checked yet';
  const parts = [
    facts.cores === null ? null : `${facts.cores} ${facts.cores === 1 ? 'core' : 'cores'}`,
    facts.memoryTotalBytes === null ? null : `${formatBytes(facts.memoryTotalBytes)} RAM`,
    facts.diskFreeBytes === null ? null : `${formatBytes(facts.diskFreeBytes)} free`,
    facts.gpus.length === 0 ? 'no GPU' : facts.gpus.map((gpu) => gpu.name).join(', '),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
