import type { Severity } from '../../lib/domain/finding';
import type { UndeterminedField } from '../../lib/domain/model-check';
import type { CorpusCase } from './corpus-folder';
import { differencesBetween, type GgufDigest, type LlamaCppAnswer } from './llama-cpp-batch';
import type { QuantdeckAnswer } from './quantdeck-answer';

export type PlainOutcome = 'fails converting' | 'fails quantizing' | 'fails loading' | 'silently wrong' | 'fine';
export type QuantdeckOutcome =
  | 'equal'
  | 'equal after repair'
  | 'refused'
  | 'refused with another code'
  | 'said to be open'
  | 'fails converting'
  | 'caught after converting'
  /** A sound file that the check after converting did not accept. */
  | 'good file rejected'
  /** Nothing was said, but the file that comes out does not load: the job's last step would say so. */
  | 'fails loading'
  | 'silently wrong';

export interface CaseVerdict {
  readonly id: string;
  readonly goal: CorpusCase['goal'];
  readonly isMet: boolean;
  /** Null when llama.cpp was not run over it as it is. */
  readonly plain: PlainOutcome | null;
  readonly plainDetail: string;
  readonly quantdeck: QuantdeckOutcome;
  readonly codes: readonly string[];
  readonly repair: QuantdeckAnswer['repair'];
  readonly undetermined: readonly UndeterminedField[];
  /** Whether it ends equal after a person has answered what is open; null when nothing was to be answered. */
  readonly isEqualOnceAnswered: boolean | null;
  readonly detail: string;
}

export interface CaseRun {
  readonly entry: CorpusCase;
  /** llama.cpp's tools over the folder as it is. */
  readonly plain: LlamaCppAnswer | null;
  readonly answer: QuantdeckAnswer;
  /** The converter over what Quantdeck staged; null when it stopped. */
  readonly repaired: LlamaCppAnswer | null;
  /** The converter over what is staged once a person has answered the open fields; null when there was nothing to do. */
  readonly onceAnswered: LlamaCppAnswer | null;
  readonly problemsAfterConverting: readonly string[];
  /** The GGUF from the undamaged checkpoint. */
  readonly reference: GgufDigest;
}

/** Whether one checkpoint ended as it must, by comparing every tensor and metadata value with the undamaged one's. */
export function judgeCase(run: CaseRun): CaseVerdict {
  const { entry, answer } = run;
  const plain = run.plain && judgePlain(run.plain, run.reference);
  const answered = run.onceAnswered?.digest;
  const { outcome, detail } = judgeQuantdeck(run);
  return {
    id: entry.id,
    goal: entry.goal,
    isMet: isGoalMet(entry, answer, outcome),
    plain: plain?.outcome ?? null,
    plainDetail: plain?.detail ?? '',
    quantdeck: outcome,
    codes: answer.codes,
    repair: answer.repair,
    undetermined: answer.undetermined,
    isEqualOnceAnswered:
      answer.undetermined.length === 0
        ? null
        : answered !== undefined && differencesBetween(run.reference, answered).length === 0,
    detail,
  };
}

function judgePlain(
  plain: LlamaCppAnswer,
  reference: GgufDigest,
): { readonly outcome: PlainOutcome; readonly detail: string } {
  if (plain.convert.exitCode !== 0 || !plain.digest)
    return { outcome: 'fails converting', detail: plain.convert.lastLine };
  if (plain.quantize && plain.quantize.exitCode !== 0)
    return { outcome: 'fails quantizing', detail: plain.quantize.lastLine };
  if (plain.generate && plain.generate.exitCode !== 0)
    return { outcome: 'fails loading', detail: plain.generate.lastLine };
  const differences = differencesBetween(reference, plain.digest);
  if (differences.length === 0) return { outcome: 'fine', detail: '' };
  return { outcome: 'silently wrong', detail: summary(differences) };
}

function judgeQuantdeck(run: CaseRun): { readonly outcome: QuantdeckOutcome; readonly detail: string } {
  const { entry, answer, repaired } = run;
  if (answer.refusedWith !== null) {
    const isRight = entry.codes.length === 0 || entry.codes.includes(answer.refusedWith);
    return {
      outcome: isRight ? 'refused' : 'refused with another code',
      detail: `${answer.refusedWith}: ${answer.message}`,
    };
  }
  if (repaired?.convert.exitCode !== 0 || !repaired.digest)
    return { outcome: 'fails converting', detail: repaired?.convert.lastLine ?? '' };
  const differences = differencesBetween(run.reference, repaired.digest);
  const [problem] = run.problemsAfterConverting;
  if (differences.length === 0) {
    if (problem !== undefined) return { outcome: 'good file rejected', detail: problem };
    return { outcome: hasChanges(answer) ? 'equal after repair' : 'equal', detail: '' };
  }
  if (isSaidToBeOpen(entry, answer)) return { outcome: 'said to be open', detail: summary(differences) };
  if (problem !== undefined) return { outcome: 'caught after converting', detail: problem };
  const isAsWithout = run.plain?.digest && differencesBetween(run.plain.digest, repaired.digest).length === 0;
  if (isAsWithout && run.plain?.generate && run.plain.generate.exitCode !== 0)
    return { outcome: 'fails loading', detail: run.plain.generate.lastLine };
  return { outcome: 'silently wrong', detail: summary(differences) };
}

function isGoalMet(entry: CorpusCase, answer: QuantdeckAnswer, outcome: QuantdeckOutcome): boolean {
  switch (entry.goal) {
    case 'healthy':
      // A repair of what is sound, or a warning about it, would be a false alarm too.
      return outcome === 'equal' && answer.severities.every(isNote);
    case 'equal':
      return outcome === 'equal' || outcome === 'equal after repair';
    case 'refused':
      return outcome === 'refused';
    case 'open':
      return outcome === 'refused' || isSaidToBeOpen(entry, answer);
    case 'safe':
      return (
        outcome === 'equal after repair' ||
        outcome === 'equal' ||
        outcome === 'refused' ||
        isSaidToBeOpen(entry, answer)
      );
  }
}

/** The check's part of the goal alone, which needs no conversion. */
export function isCheckRight(entry: CorpusCase, answer: QuantdeckAnswer): boolean {
  switch (entry.goal) {
    case 'healthy':
      return answer.refusedWith === null && !hasChanges(answer) && answer.severities.every(isNote);
    case 'equal':
      return answer.refusedWith === null;
    case 'refused':
      return answer.refusedWith !== null && entry.codes.includes(answer.refusedWith);
    case 'open':
      return answer.refusedWith !== null || isSaidToBeOpen(entry, answer);
    case 'safe':
      // None of these converts to the right file as it is: something must be said or done.
      if (answer.refusedWith !== null) return entry.codes.includes(answer.refusedWith);
      return hasChanges(answer) || isSaidToBeOpen(entry, answer);
  }
}

/** Leaving out what is no part of the checkpoint changes nothing of it. */
function hasChanges({ repair }: QuantdeckAnswer): boolean {
  return (
    Object.keys(repair.configPatch).length > 0 ||
    repair.fileRepairs.some((fileRepair) => fileRepair.kind !== 'leave-out')
  );
}

function isNote(severity: Severity): boolean {
  return severity === 'note';
}

function isSaidToBeOpen(entry: CorpusCase, answer: QuantdeckAnswer): boolean {
  return (
    (entry.goal === 'open' || entry.goal === 'safe') &&
    answer.undetermined.some(({ field }) => entry.fields.includes(field))
  );
}

function summary(differences: readonly string[]): string {
  const shown = differences.slice(0, 4).join(', ');
  return differences.length > 4 ? `${shown} and ${differences.length - 4} more differ` : `${shown} differ`;
}
