import { formatBytes } from '../../lib/domain/bytes';
import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import type { OfferProblem, OfferProblemCode } from '../../lib/domain/offer-problem';
import type { RentalPhase } from '../../lib/domain/rental-phase';
import type { RentalRight } from '../../lib/domain/rental-question';
import type { RentalBreakdown } from '../../lib/domain/rental-status-message';

/** Each state of a rented machine: its name, and what it means for the person. */
export const RENTAL_PHASE_COPY = {
  preparing: { word: 'Preparing', meaning: 'The machine is ours and makes room. Only its disk is billed.' },
  loading: { word: 'Loading', meaning: 'It loads the image that llama.cpp runs in. Only its disk is billed.' },
  'starting-again': { word: 'Starting', meaning: 'It was told to start and still reports its last stop.' },
  running: { word: 'Running', meaning: 'It is on, and billed in full.' },
  stopping: { word: 'Stopping', meaning: 'It was told to stop; until it has, it is billed in full.' },
  stopped: { word: 'Stopped', meaning: 'Files are kept. The disk is still billed.' },
  queued: {
    word: 'Waits for its GPU',
    meaning: 'Somebody else uses its GPU. It starts, and bills, once that is free.',
  },
  outbid: { word: 'Outbid', meaning: 'Somebody offered more. Files are kept, the disk is billed.' },
  restarting: { word: 'Restarting', meaning: 'Its container starts anew; the address may change.' },
  frozen: { word: 'Frozen', meaning: 'It is paused and still billed in full.' },
  exited: { word: 'Ended', meaning: 'Its container ended by itself.' },
  silent: { word: 'Silent', meaning: 'The service has heard nothing from it.' },
  offline: { word: 'Offline', meaning: 'The machine has left the network. Nothing is billed meanwhile.' },
  broken: { word: 'Cannot start', meaning: 'It reports an error that does not go away. Only its disk is billed.' },
  'not-started': { word: 'Not started', meaning: 'The service stopped it before it ran. Its disk is billed.' },
  gone: { word: 'Given back', meaning: 'It no longer exists. Nothing is billed.' },
  unclear: { word: 'Unclear', meaning: 'It reports a state that Quantdeck does not know.' },
} as const satisfies Record<RentalPhase, { readonly word: string; readonly meaning: string }>;

/** Why a machine will never come up. */
export const RENTAL_BREAKDOWN_COPY = {
  'image-missing': 'The image does not exist: another machine would not find it either.',
  'image-refused': 'The image’s registry refused to hand it out.',
  'disk-full': 'The machine’s own disk is full.',
  'download-broken': 'The machine could not download the image.',
  'container-refused': 'The machine could not start a container.',
} as const satisfies Record<RentalBreakdown, string>;

/** What each right of a key is for, and what is missing without it. */
export const RENTAL_RIGHT_COPY = {
  misc: { does: 'Look for machines', without: 'No machine can be looked for.' },
  user_read: {
    does: 'See credit and SSH keys',
    without: 'Credit is not shown, and renting begins without knowing it.',
  },
  user_write: {
    does: 'Register Quantdeck’s SSH key',
    without: 'The SSH key has to be put on vast.ai by hand, or logins to rented machines are refused.',
  },
  instance_read: { does: 'See rented machines', without: 'Rented machines and what they cost stay unseen.' },
  instance_write: {
    does: 'Rent, start, stop and give back',
    without: 'Nothing can be rented, and nothing that runs can be stopped from here.',
  },
  billing_read: { does: 'See the bill', without: 'Estimates cannot be held against the real charges.' },
} as const satisfies Record<RentalRight, { readonly does: string; readonly without: string }>;

const PROBLEM_WORDS: Readonly<Record<OfferProblemCode, (problem: OfferProblem) => string>> = {
  'not-verified': () => 'not verified by the service',
  'not-rentable': () => 'not for rent now',
  'already-rented': () => 'rented by somebody',
  'not-on-demand': () => 'may be taken away at any time',
  'wrong-cpu': () => 'not an x86-64 processor',
  'no-avx': () => 'its processor has no AVX',
  'no-direct-port': () => 'no direct connection by SSH',
  'disk-too-small': withFigures('disk', formatBytes),
  'memory-too-small': withFigures('memory', formatBytes),
  'line-too-slow': withFigures('line', (bits) => `${Math.round(bits / 1e6)} Mbit/s`),
  'not-reliable': withFigures('reliability', (share) => `${(100 * share).toFixed(1)} %`),
  'machine-avoided': () => 'went wrong before',
  'too-dear': withFigures('cost', formatUsd, 'allowed'),
  'ends-too-soon': withFigures('can be had for', formatDuration),
  'no-estimate': () => 'does not say how fast it is',
};

/** `$0.13/h`; prices below ten cents keep their third digit, which is a tenth of them. */
export function formatUsdPerHour(nanoUsdPerHour: number): string {
  const isSmall = nanoUsdPerHour < 100_000_000;
  return `${isSmall ? formatUsd(nanoUsdPerHour) : `$${(nanoUsdPerHour / 1e9).toFixed(2)}`}/h`;
}

/** `disk 40.0 GiB, 96.0 GiB needed`: why an offer cannot do the job. */
export function offerProblemText(problem: OfferProblem): string {
  return PROBLEM_WORDS[problem.code](problem);
}

function withFigures(name: string, format: (figure: number) => string, relation = 'needed') {
  return ({ actual, needed }: OfferProblem) => `${name} ${format(actual ?? 0)}, ${format(needed ?? 0)} ${relation}`;
}
