import { formatDuration } from '../../lib/domain/duration';
import type {
  RentalAfterwards,
  RentalEventView,
  RentalState,
  RentalTryState,
  StrayInstanceView,
} from '../../lib/domain/rental';
import { RENTAL_PHASE_INFO, type RentalPhase } from '../../lib/domain/rental-phase';
import type { Tone } from '../_ui/badge';
import { RENTAL_PHASE_COPY } from './rental-phase-copy';

interface StateCopy {
  readonly word: string;
  /** What it means for the person, and what is billed meanwhile. */
  readonly meaning: string;
  readonly tone: Tone;
  /** It changes by itself soon. */
  readonly passes: boolean;
}

/** Where a rental stands, in words. */
export const RENTAL_STATE_COPY = {
  looking: {
    word: 'Looking for a machine',
    meaning: 'The best offer within your terms is being chosen; none is taken yet.',
    tone: 'accent',
    passes: true,
  },
  asking: {
    word: 'Asking for it',
    meaning:
      'The service was asked for a machine. What came of it is found out before anything else is asked for, so that none is rented twice.',
    tone: 'accent',
    passes: true,
  },
  coming: {
    word: 'Coming up',
    meaning: 'The machine is ours and is being set up. It has not answered by SSH yet.',
    tone: 'accent',
    passes: true,
  },
  ready: { word: 'Ready', meaning: 'It answers by SSH, and is billed in full.', tone: 'ok', passes: false },
  lost: {
    word: 'Not answering',
    meaning: 'It answered once and does not any more. Quantdeck goes on asking; it may still be billed.',
    tone: 'bad',
    passes: false,
  },
  stopping: {
    word: 'Stopping',
    meaning: 'It was told to stop; until it has, it is billed in full.',
    tone: 'accent',
    passes: true,
  },
  stopped: { word: 'Stopped', meaning: 'Files are kept. The disk is still billed.', tone: 'warn', passes: false },
  starting: {
    word: 'Starting',
    meaning: 'It was told to start again; its address may be another one.',
    tone: 'accent',
    passes: true,
  },
  releasing: {
    word: 'Giving it back',
    meaning: 'It was given back. That it is gone is not proven yet, so it may still be billed.',
    tone: 'accent',
    passes: true,
  },
  ended: {
    word: 'Ended',
    meaning: 'Proven: no machine of this rental exists, and none can come. Nothing is billed any more.',
    tone: 'quiet',
    passes: false,
  },
} as const satisfies Record<RentalState, StateCopy>;

/** States in which the service's own word for the machine says more than ours. */
const TOLD_BY_PHASE = new Set<RentalState>(['coming', 'lost', 'starting']);
const UP = new Set<RentalPhase>(['running', 'gone']);

/** `Coming up: Loading`, with what it means; the machine's own state is told where it says more. */
export function rentalStateWords(
  state: RentalState,
  phase: RentalPhase | null,
): { readonly word: string; readonly meaning: string } {
  const { word, meaning } = RENTAL_STATE_COPY[state];
  if (phase === null || UP.has(phase) || !TOLD_BY_PHASE.has(state)) return { word, meaning };
  const told = RENTAL_PHASE_COPY[phase];
  return told.word === word
    ? { word, meaning: told.meaning }
    : { word: `${word}: ${told.word}`, meaning: told.meaning };
}

const { preparing, loading, stopping, 'starting-again': startingAgain } = RENTAL_PHASE_INFO;
/** Counted from the beginning of a state, which may see several phases. */
const USUAL_MS: Readonly<Partial<Record<RentalState, number>>> = {
  coming: preparing.usualMs + loading.usualMs,
  starting: startingAgain.usualMs,
  stopping: stopping.usualMs,
  releasing: stopping.usualMs,
};

/** `usually about 3m 30s`; null for a state that lasts as long as somebody wants. */
export function usualWords(state: RentalState): string | null {
  const usualMs = USUAL_MS[state];
  return usualMs === undefined ? null : `usually about ${formatDuration(usualMs)}`;
}

/** What becomes of the machine when its job is over: as a choice, and what it means for the bill. */
export const RENTAL_AFTERWARDS_COPY = {
  destroy: {
    word: 'Give it back',
    meaning: 'Once all files are home and checked. The bill ends, and that is proven.',
  },
  stop: {
    word: 'Stop it',
    meaning: 'What is on it is kept. Its disk is billed until you give it back, also beyond budget and deadline.',
  },
  keep: {
    word: 'Leave it running',
    meaning:
      'It is billed in full until you stop it or give it back, at most until budget or deadline: then it is stopped, and its disk is billed on.',
  },
} as const satisfies Record<RentalAfterwards, { readonly word: string; readonly meaning: string }>;

/** How one request for one machine stands. */
export const RENTAL_TRY_WORDS = {
  asking: 'asked for',
  there: 'ours',
  releasing: 'being given back',
  gone: 'given back, proven',
} as const satisfies Record<RentalTryState, string>;

/** How much a line of a rental's story matters. */
export const RENTAL_EVENT_COPY = {
  note: { word: 'Note', tone: 'quiet' },
  warning: { word: 'Warning', tone: 'warn' },
  alarm: { word: 'Alarm', tone: 'bad' },
} as const satisfies Record<RentalEventView['level'], { readonly word: string; readonly tone: Tone }>;

/** What was decided about an instance of ours that no job knows. */
export const STRAY_CHOICE_WORDS = {
  none: 'Nobody has decided about it.',
  destroy: 'It is being destroyed.',
  ignore: 'You chose to leave it alone.',
} as const satisfies Record<StrayInstanceView['choice'], string>;
