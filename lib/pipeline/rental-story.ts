import { formatDuration } from '../domain/duration';
import { FailureError } from '../domain/failure';
import { formatUsd } from '../domain/money';
import type { Progress } from '../domain/progress';
import type { RentalState, RentalView } from '../domain/rental';
import { RENTAL_PHASE_INFO } from '../domain/rental-phase';
import type { StepContext } from './step-context';

const LOOK_EVERY_MS = 1000;
const TAIL_BYTES = 64 * 1024;

const STATE_WORDS: Readonly<Record<RentalState, string>> = {
  looking: 'choosing a machine',
  asking: 'asking for a machine',
  coming: 'waiting for the machine',
  ready: 'the machine answers',
  lost: 'the machine does not answer',
  stopping: 'stopping the machine',
  stopped: 'the machine is stopped',
  starting: 'starting the machine',
  releasing: 'giving the machine back',
  ended: 'the bill has ended',
};

/** The rental that the job's machine comes from. Its absence is a fault of ours. */
export async function rentalOf({ world, host }: StepContext): Promise<RentalView> {
  const rental = await world.rentals.find(host.instanceId);
  if (rental !== null) return rental;
  throw new FailureError(
    'not-found',
    'This job was made for a rented machine, and its rental is gone from the database.',
    {
      remedy: 'Start it as a new job.',
    },
  );
}

/**
 * Follows a rental until `isOver` says so, telling its state, and each line of its story once, also when an earlier
 * process told the first of them. Only the signal ends it otherwise: the keeper has the deadlines.
 */
export async function followRental(
  context: StepContext,
  signal: AbortSignal,
  isOver: (rental: RentalView) => boolean,
): Promise<RentalView> {
  const { rentals, clock } = context.world;
  const told = await context.log.tail(0, TAIL_BYTES);
  for (let known = 0; ; ) {
    const rental = await rentalOf(context);
    for (const { at, level, text } of await rentals.events(rental.id, known)) {
      const line = `${at}  ${level === 'note' ? '' : `${level}: `}${text}`;
      if (!told.includes(line)) await context.log.line(line);
      known += 1;
    }
    context.report(progressOf(rental));
    if (isOver(rental)) return rental;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

function progressOf(rental: RentalView): Progress {
  return {
    phase: STATE_WORDS[rental.state],
    fraction: null,
    done: null,
    total: null,
    unit: null,
    speedBytesPerSecond: null,
    etaMs: null,
    detail: rental.alarm?.message ?? detailOf(rental),
  };
}

function detailOf({ state, phase, tries, terms, money }: RentalView): string | null {
  if (state === 'ended') return null;
  const usualMs = phase === null ? null : RENTAL_PHASE_INFO[phase].usualMs;
  const parts = [
    tries.length > 1 ? `machine ${tries.length} of at most ${terms.mostTries}` : '',
    phase !== null && usualMs !== null ? `${phase}, usually ${formatDuration(usualMs)}` : '',
    money.spentNanoUsd > 0 ? `${formatUsd(money.spentNanoUsd)} so far` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ') || null;
}
