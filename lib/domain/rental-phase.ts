import { breakdownOf } from './rental-status-message';

/** The provider's own words about an instance, read together: none of them is the state. */
export interface RentalFacts {
  /** The container as it was last seen; null before anything was seen. */
  readonly actualStatus: string | null;
  /** What was asked for. */
  readonly intendedStatus: string | null;
  /** The contract, that is, whether the GPU is ours. */
  readonly currentState: string | null;
  readonly nextState: string | null;
  /** Free text, of the host's making; cleaned and cut. */
  readonly statusText: string | null;
  readonly isBid: boolean;
}

/** Every state that a rented machine can be in, for us. `app/_copy` has the words. */
export const RENTAL_PHASES = [
  'preparing',
  'loading',
  'starting-again',
  'running',
  'stopping',
  'stopped',
  'queued',
  'outbid',
  'restarting',
  'frozen',
  'exited',
  'silent',
  'offline',
  'broken',
  'not-started',
  'gone',
  'unclear',
] as const;
export type RentalPhase = (typeof RENTAL_PHASES)[number];

export interface RentalPhaseInfo {
  /** `wait`: it changes by itself. `up`: it can be used. `rest`: as somebody wanted it. `act`: it stays so until somebody acts. */
  readonly outlook: 'wait' | 'up' | 'rest' | 'act';
  /** What is being paid for meanwhile, traffic aside. `unknown`: assume all of it. */
  readonly billing: 'all' | 'storage' | 'none' | 'unknown';
  /** How long it usually lasts, null when there is no usual. */
  readonly usualMs: number | null;
}

const MINUTE_MS = 60_000;

export const RENTAL_PHASE_INFO = {
  preparing: { outlook: 'wait', billing: 'storage', usualMs: MINUTE_MS / 2 },
  loading: { outlook: 'wait', billing: 'storage', usualMs: 3 * MINUTE_MS },
  'starting-again': { outlook: 'wait', billing: 'unknown', usualMs: MINUTE_MS },
  running: { outlook: 'up', billing: 'all', usualMs: null },
  stopping: { outlook: 'wait', billing: 'all', usualMs: MINUTE_MS / 2 },
  stopped: { outlook: 'rest', billing: 'storage', usualMs: null },
  // It begins to run, and to be billed, whenever its GPU becomes free: nothing to leave alone.
  queued: { outlook: 'act', billing: 'storage', usualMs: null },
  outbid: { outlook: 'act', billing: 'storage', usualMs: null },
  restarting: { outlook: 'wait', billing: 'all', usualMs: MINUTE_MS },
  frozen: { outlook: 'act', billing: 'all', usualMs: null },
  exited: { outlook: 'act', billing: 'unknown', usualMs: null },
  silent: { outlook: 'act', billing: 'unknown', usualMs: null },
  offline: { outlook: 'act', billing: 'none', usualMs: null },
  broken: { outlook: 'act', billing: 'storage', usualMs: null },
  'not-started': { outlook: 'act', billing: 'storage', usualMs: null },
  gone: { outlook: 'rest', billing: 'none', usualMs: null },
  unclear: { outlook: 'wait', billing: 'unknown', usualMs: null },
} as const satisfies Record<RentalPhase, RentalPhaseInfo>;

/** After a start the old `exited` is reported for a while; so long it proves nothing. */
export const STALE_EXIT_MS = 10 * MINUTE_MS;

const PASSING = new Set(['rebooting', 'restarting', 'recycling']);

/**
 * What a rented machine is doing.
 * @param facts null when the provider says that there is no such instance
 * @param startedAgoMs since a start or restart was asked for; null when none was, or it is forgotten
 */
export function rentalPhaseOf(facts: RentalFacts | null, startedAgoMs: number | null): RentalPhase {
  if (facts === null) return 'gone';
  const { actualStatus: actual, intendedStatus: intended, currentState: current } = facts;
  if (actual === 'running') return intended === 'stopped' ? 'stopping' : 'running';
  if (actual !== null && PASSING.has(actual)) return 'restarting';
  if (actual === 'frozen') return 'frozen';
  const isToRun = intended !== 'stopped';
  if (isToRun && breakdownOf(facts.statusText) !== null) return 'broken';
  if (isComingUp(actual) && current === 'stopped' && !isToRun && facts.nextState === 'stopped') return 'not-started';
  if (isToRun && actual === 'stopped' && facts.isBid) return 'outbid';
  if (current === 'stopped' || actual === 'stopped') return isToRun ? 'queued' : 'stopped';
  if (!isToRun && actual === 'exited') return 'stopped';
  return startingPhase(actual, startedAgoMs);
}

/** The same of a machine of ours: when it was last to be started is written down with its rental. */
export function seenPhaseOf(
  { startAskedAtMs }: { readonly startAskedAtMs: number | null },
  seen: RentalFacts,
  nowMs: number,
): RentalPhase {
  return rentalPhaseOf(seen, startAskedAtMs === null ? null : nowMs - startAskedAtMs);
}

function isComingUp(actual: string | null): boolean {
  return actual === null || actual === 'created' || actual === 'loading';
}

function startingPhase(actual: string | null, startedAgoMs: number | null): RentalPhase {
  switch (actual) {
    case null:
    case 'created':
      return 'preparing';
    case 'loading':
      return 'loading';
    case 'exited':
      return startedAgoMs !== null && startedAgoMs < STALE_EXIT_MS ? 'starting-again' : 'exited';
    case 'unknown':
      return 'silent';
    case 'offline':
      return 'offline';
    default:
      return 'unclear';
  }
}

/** Whether waiting for it to come up is over: somebody has to give it back, or to ask again. */
export function isLostCause(phase: RentalPhase): boolean {
  return RENTAL_PHASE_INFO[phase].outlook === 'act' || phase === 'gone';
}
