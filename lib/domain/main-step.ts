import { laneOf } from './next-steps';
import type { StepStatus } from './status';
import { stepKindOf } from './step-key';

/** Of several running steps the one to speak of: what the processor works on, else the first. */
export function mainRunningStep<T extends { readonly key: string; readonly status: string }>(
  steps: readonly T[],
): T | undefined {
  const running = steps.filter(({ status }) => status === ('running' satisfies StepStatus));
  return running.find(({ key }) => laneOf(stepKindOf(key)) === 'cpu') ?? running[0];
}
