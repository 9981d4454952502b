import { type StepKey, type StepKind, stepKindOf } from './step-key';

/** What a step uses up. Of one lane only one command is at work, so that a host's cores and wires are not fought over. */
export type StepLane = 'cpu' | 'hash' | 'network';

const LANES: Readonly<Record<StepKind, StepLane | null>> = {
  'rent-host': null,
  'prepare-host': null,
  'fetch-model': 'network',
  'inspect-model': null,
  'repair-model': null,
  'convert-model': 'cpu',
  imatrix: 'cpu',
  quantize: 'cpu',
  checksum: 'hash',
  verify: 'cpu',
  'bring-home': 'network',
  'release-host': null,
};

/**
 * What a step needs to itself while it measures: hashing beside it would make its tokens a second those of the hashing.
 * Copies are not waited for, which may take hours on a slow line: they pause (`isMeasuring`).
 */
const QUIET: Readonly<Partial<Record<StepKind, readonly StepLane[]>>> = { verify: ['cpu', 'hash'] };

/** Null for a step that is short, or waits for the network of others. */
export function laneOf(kind: StepKind): StepLane | null {
  return LANES[kind];
}

/**
 * `measuring` holds its own lane and those that would disturb it; `working` holds its lane; `settling` has given it back,
 * its command has ended and what it left is looked at. What `failed` does not come to an end in this run, nor does
 * anything after it.
 */
export type StepPhase = 'waiting' | 'measuring' | 'working' | 'settling' | 'done' | 'failed';

/** A step as the scheduler sees it. */
export interface StepNow {
  readonly key: StepKey;
  readonly ordinal: number;
  readonly after: readonly StepKey[];
  readonly phase: StepPhase;
  /** Set when an earlier worker began it: its command is still `on-host` as far as we know, or it was at something else. */
  readonly begun: 'on-host' | 'elsewhere' | null;
}

/**
 * The steps that are to begin now, first things first: what an earlier worker began, then by ordinal. A command that is
 * on the host already is followed whether its lane is free or not, for it is at work in either case.
 */
export function nextSteps(steps: readonly StepNow[]): StepKey[] {
  const busy = new Set(steps.flatMap(heldLanes));
  const next: StepKey[] = [];
  for (const { key, begun } of readySteps(steps)) {
    const needed = heldLanes({ key, phase: firstPhaseOf(key) });
    if (begun !== 'on-host' && needed.some((lane) => busy.has(lane))) continue;
    for (const lane of needed) busy.add(lane);
    next.push(key);
  }
  return next;
}

/** How a step begins. */
export function firstPhaseOf(key: StepKey): 'measuring' | 'working' {
  return QUIET[stepKindOf(key)] ? 'measuring' : 'working';
}

/** True while what a step measures would be wrong if anything else worked beside it. */
export function isMeasuring(steps: readonly Pick<StepNow, 'phase'>[]): boolean {
  return steps.some(({ phase }) => phase === 'measuring');
}

function heldLanes({ key, phase }: Pick<StepNow, 'key' | 'phase'>): readonly StepLane[] {
  const kind = stepKindOf(key);
  const lane = LANES[kind];
  if (phase === 'measuring') return QUIET[kind] ?? [];
  return phase === 'working' && lane !== null ? [lane] : [];
}

/**
 * The steps that would begin if their lanes were free, one a lane: what they will find and do can be looked at while the
 * lane is still taken, and then costs it no time. One that an earlier worker began has to look when its turn comes.
 */
export function upcomingSteps(steps: readonly StepNow[]): StepKey[] {
  const first = new Map<StepLane, StepNow>();
  for (const step of readySteps(steps)) {
    const lane = laneOf(stepKindOf(step.key));
    if (lane !== null && !first.has(lane)) first.set(lane, step);
  }
  return [...first.values()].filter(({ begun }) => begun === null).map(({ key }) => key);
}

/** What waits for nothing but its lane, the most urgent first. */
function readySteps(steps: readonly StepNow[]): StepNow[] {
  const done = new Set(steps.filter(({ phase }) => phase === 'done').map(({ key }) => key));
  return steps
    .filter(({ phase, after }) => phase === 'waiting' && after.every((key) => done.has(key)))
    .sort((a, b) => urgencyOf(a) - urgencyOf(b) || a.ordinal - b.ordinal);
}

function urgencyOf({ begun }: StepNow): number {
  if (begun === 'on-host') return 0;
  return begun === 'elsewhere' ? 1 : 2;
}
