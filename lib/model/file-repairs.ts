import type { FileRepair } from '../domain/file-repair';
import type { Finding } from '../domain/finding';
import { type CheckpointFiles, WEIGHT_INDEX_FILE } from './checkpoint-files';

/**
 * Files of the checkpoint that are better left out: an index that does not belong to the weights, which are whole without
 * it, and weights that are there twice.
 */
export function proposeFileRepairs(files: CheckpointFiles | null, findings: readonly Finding[]): FileRepair[] {
  if (!files) return [];
  const repairs: FileRepair[] = [];
  const isWrong = findings.some(({ code, severity }) => code === 'model-index-disagrees' && severity !== 'note');
  const isIncomplete = findings.some(({ code }) => code === 'model-weights-missing');
  if (isWrong && !isIncomplete) {
    const count = files.weights.length;
    const what = count === 1 ? `${files.weights[0]?.path} is` : `the ${count} weight files are`;
    const reason = `It does not belong to these weights, and ${what} whole without it.`;
    repairs.push({ kind: 'leave-out', files: [WEIGHT_INDEX_FILE], reason });
  }
  const copies = files.leftOut.map((file) => file.path);
  if (copies.length > 0) {
    repairs.push({ kind: 'leave-out', files: copies.slice(0, 200), reason: 'They are not part of the checkpoint.' });
  }
  return repairs;
}
