import { stepsOf } from '../domain/job-steps';
import {
  firstPhaseOf,
  isMeasuring,
  nextSteps,
  type StepNow,
  type StepPhase,
  upcomingSteps,
} from '../domain/next-steps';
import type { StepKey } from '../domain/step-key';
import { isOpen, type JobRecord, type StepRecord } from './ledger-port';

/**
 * Gives back what a step holds: of a step that has measured what only the measuring needed (`measured`), else all, since
 * only looking at its result is left.
 */
export type FreeLane = (part?: 'measured') => void;

export interface ScheduledWork {
  /** Brings one step to its end. With `freeLane` the next may begin before. */
  readonly run: (key: StepKey, freeLane: FreeLane) => Promise<void>;
  /** Looks ahead for a step that is ready but for its lane; at most once for each, and nobody waits for it here. */
  readonly prepare: (key: StepKey, freeLane: FreeLane) => void;
  /** Told when something is measured, and when that is over: what is no lane's work has to rest meanwhile. */
  readonly onQuiet: (isQuiet: boolean) => void;
  /** Told of each failure as it happens, before anything else is begun. */
  readonly onFailure: (key: StepKey, error: unknown) => void;
  /** Once it has aborted nothing is begun, and what rejects was stopped, not failed. */
  readonly signal: AbortSignal;
}

/**
 * Runs steps as the graph allows, and resolves when none runs and none can begin: all are done, or those that are not stand
 * on a failure, or the signal has aborted.
 */
export async function runSteps(steps: readonly StepNow[], work: ScheduledWork): Promise<void> {
  const now = new Map(steps.map((step) => [step.key, step]));
  const running = new Set<Promise<void>>();
  const move = (key: StepKey, phase: StepPhase) => {
    const step = now.get(key);
    if (step) now.set(key, { ...step, phase });
    work.onQuiet(isMeasuring([...now.values()]));
  };
  const prepared = new Set<StepKey>();
  const freeLaneOf =
    (key: StepKey): FreeLane =>
    (part) => {
      const phase = now.get(key)?.phase;
      if (phase !== 'measuring' && (part === 'measured' || phase !== 'working')) return;
      move(key, part === 'measured' ? 'working' : 'settling');
      beginReady();
    };
  const begin = (key: StepKey) => {
    const run = work
      .run(key, freeLaneOf(key))
      .then(
        () => move(key, 'done'),
        (error: unknown) => {
          move(key, 'failed');
          if (!work.signal.aborted) work.onFailure(key, error);
        },
      )
      .then(() => {
        running.delete(run);
        beginReady();
      });
    running.add(run);
  };
  const beginReady = () => {
    if (work.signal.aborted) return;
    const next = nextSteps([...now.values()]);
    for (const key of next) move(key, firstPhaseOf(key));
    for (const key of next) begin(key);
    for (const key of upcomingSteps([...now.values()])) {
      if (prepared.has(key)) continue;
      prepared.add(key);
      work.prepare(key, freeLaneOf(key));
    }
  };
  beginReady();
  while (running.size > 0) await Promise.race(running);
}

/** The steps of a job as they stand when it is taken up. */
export function stepsTakenUp({ spec, steps }: JobRecord): StepNow[] {
  const needs = new Map(stepsOf(spec).map(({ key, after }) => [key, after]));
  return steps.map((step) => ({
    key: step.key,
    ordinal: step.ordinal,
    after: needs.get(step.key) ?? [],
    phase: phaseOf(step),
    begun: begunBefore(step),
  }));
}

function phaseOf({ status }: StepRecord): StepPhase {
  if (status === 'succeeded' || status === 'skipped') return 'done';
  return status === 'failed' || status === 'canceled' ? 'failed' : 'waiting';
}

/** What an earlier worker had begun of it. */
function begunBefore({ status, attempt }: StepRecord): StepNow['begun'] {
  if (isOpen(attempt) && attempt.kind === 'remote') return 'on-host';
  return status === 'running' ? 'elsewhere' : null;
}
