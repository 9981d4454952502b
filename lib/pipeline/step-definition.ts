import type { Failure } from '../domain/failure';
import type { ProgressParser } from '../domain/progress';
import type { StepKind } from '../domain/step-key';
import type { StepContext } from './step-context';

/** What `check()` saw: the postcondition holds (with what later steps need), or it does not (with why, when known). */
export type CheckResult =
  | { readonly done: true; readonly result: unknown }
  | { readonly done: false; readonly failure?: Failure };

/** How a step is to be done. */
export type StepPlan =
  | { readonly kind: 'skip'; readonly reason: string; readonly result?: unknown }
  | {
      /** Runs detached on the host and outlives us. */
      readonly kind: 'remote';
      readonly script: string;
      readonly environment?: Readonly<Record<string, string>>;
      readonly progress: ProgressParser;
      /** Turns the end of a failed run into words; the caller has a general answer when this has none. */
      readonly explain: (logTail: string, exitCode: number | null) => Failure | null;
    }
  | {
      /** Done by the dashboard itself; must be safe to start again after a crash. */
      readonly kind: 'local';
      readonly command: string;
      readonly run: (signal: AbortSignal) => Promise<void>;
    };

/**
 * One kind of step. `check` is read-only and cheap, runs first on every claim and again after the work: it alone decides
 * success, so a finished download is never downloaded again and an unknown exit code never guessed. `when` says which of
 * the two it is.
 */
export interface StepDefinition {
  readonly kind: StepKind;
  check(context: StepContext, when: 'before' | 'after'): Promise<CheckResult>;
  plan(context: StepContext): Promise<StepPlan>;
}
