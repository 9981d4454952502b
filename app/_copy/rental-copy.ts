import { formatBytes } from '../../lib/domain/bytes';
import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import type { OfferProblem, OfferProblemCode } from '../../lib/domain/offer-problem';
import type { RentalRight } from '../../lib/domain/rental-question';

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

/** `disk 40.0 GiB, 96.0 GiB needed`: why an offer cannot do the job. */
export function offerProblemText(problem: OfferProblem): string {
  return PROBLEM_WORDS[problem.code](problem);
}

function withFigures(name: string, format: (figure: number) => string, relation = 'needed') {
  return ({ actual, needed }: OfferProblem) => `${name} ${format(actual ?? 0)}, ${format(needed ?? 0)} ${relation}`;
}
