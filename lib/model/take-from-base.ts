import type { FileRepair } from '../domain/file-repair';
import type { BaseFiles, TokenizerProblem } from './tokenizer-problem';

/**
 * Files of the base model that replace or complete a checkpoint's own. No repair where nobody named a base, or where it
 * lacks the first of them, which is the one that matters.
 */
export function takeFromBase(
  base: BaseFiles | null,
  files: readonly string[],
  reason: string,
): Pick<TokenizerProblem, 'repairs'> {
  const [needed] = files;
  if (!base || needed === undefined || !base.files.includes(needed)) return {};
  const { repo, commit } = base;
  const repairs = files
    .filter((file) => base.files.includes(file))
    .map((file): FileRepair => ({ kind: 'take-file-from', file, repo, commit, reason }));
  return { repairs };
}
