import { mainRunningStep } from '../../lib/domain/main-step';
import type { QuantizationType } from '../../lib/domain/quantization-types';
import { FILE_STEP_KINDS, quantizationOf } from '../../lib/domain/step-key';
import type { StepView } from '../../lib/domain/views';

export interface FileSteps {
  readonly type: QuantizationType;
  /** One place for each of `FILE_STEP_KINDS`; null for a step that this file does without. */
  readonly steps: readonly (StepView | null)[];
}

export interface StepGroups {
  /** What is done once, in order. */
  readonly trunk: readonly StepView[];
  /** What is done for each file, in the order in which the files were asked for. */
  readonly files: readonly FileSteps[];
  /** What is done once, when nothing is left to be done for any file. */
  readonly end: readonly StepView[];
}

/** A job's steps as its page shows them. */
export function groupSteps(steps: readonly StepView[], outputs: readonly QuantizationType[]): StepGroups {
  const files = outputs.map((type) => {
    const own = steps.filter(({ key }) => quantizationOf(key) === type);
    return { type, steps: FILE_STEP_KINDS.map((kind) => own.find((step) => step.kind === kind) ?? null) };
  });
  const once = steps.filter(({ key }) => quantizationOf(key) === null);
  return {
    trunk: once.filter(({ kind }) => kind !== 'release-host'),
    files: files.filter((file) => file.steps.some((step) => step !== null)),
    end: once.filter(({ kind }) => kind === 'release-host'),
  };
}

/** All steps as the eye goes: down the trunk, then file by file, then the end. */
export function inReadingOrder({ trunk, files, end }: StepGroups): StepView[] {
  return [...trunk, ...files.flatMap((file) => file.steps.filter((step) => step !== null)), ...end];
}

/**
 * The step to look at while the reader has chosen none: one that runs, else the failed one, else the last that did
 * something, else the first.
 */
export function interestingStep(steps: readonly StepView[]): StepView | undefined {
  return (
    mainRunningStep(steps) ??
    steps.find((step) => step.status === 'failed') ??
    steps.findLast((step) => step.status === 'canceled' && step.startedAt !== null) ??
    steps.findLast((step) => step.status === 'succeeded') ??
    steps[0]
  );
}
