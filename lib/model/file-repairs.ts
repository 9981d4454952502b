import type { FileRepair } from '../domain/file-repair';
import { type CheckpointFiles, WEIGHT_INDEX_FILE } from './checkpoint-files';
import type { WeightIndex } from './weight-index';

/** Files of the checkpoint that are better left out: an index of other files, and weights that are there twice. */
export function proposeFileRepairs(files: CheckpointFiles | null, index: WeightIndex | null): FileRepair[] {
  if (!files) return [];
  const repairs: FileRepair[] = [];
  if (index && !files.usesIndex) {
    const there = files.weights.map((file) => file.path);
    repairs.push({
      kind: 'leave-out',
      files: [WEIGHT_INDEX_FILE],
      reason: `It names weight files that are not there, and ${there.slice(0, 3).join(', ')}${there.length > 3 ? ', …' : ''} ${there.length === 1 ? 'is' : 'are'} whole without it.`,
    });
  }
  const copies = files.leftOut.map((file) => file.path);
  if (copies.length > 0) {
    repairs.push({ kind: 'leave-out', files: copies.slice(0, 200), reason: 'They are not part of the checkpoint.' });
  }
  return repairs;
}
