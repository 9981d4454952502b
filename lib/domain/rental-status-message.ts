/** Why a machine will never come up, read from what its provider says while it loads. */
export const RENTAL_BREAKDOWNS = [
  'image-missing',
  'image-refused',
  'disk-full',
  'download-broken',
  'container-refused',
] as const;
export type RentalBreakdown = (typeof RENTAL_BREAKDOWNS)[number];

/** What each of them means. */
export const BREAKDOWN_WORDS = {
  'image-missing': 'The image does not exist: another machine would not find it either.',
  'image-refused': 'The image’s registry refused to hand it out.',
  'disk-full': 'The machine’s own disk is full.',
  'download-broken': 'The machine could not download the image.',
  'container-refused': 'The machine could not start a container.',
} as const satisfies Record<RentalBreakdown, string>;

/** The special ones first: the daemon's "error response" comes with all of them. */
const PATTERNS: readonly (readonly [RegExp, RentalBreakdown])[] = [
  [/manifest unknown|manifest for .{1,300} not found|repository does not exist/i, 'image-missing'],
  [/pull access denied|unauthorized/i, 'image-refused'],
  [/no space left/i, 'disk-full'],
  [/unexpected eof|failed to pull/i, 'download-broken'],
  [/oci runtime create failed|error response from daemon/i, 'container-refused'],
];
/** Enough of it to know; the rest is a host's text and may be anything. */
const READ_CHARACTERS = 2000;

/** What a status message proves, null while it proves nothing: it may stand still for ten minutes on a healthy machine. */
export function breakdownOf(statusText: string | null): RentalBreakdown | null {
  const text = (statusText ?? '').slice(0, READ_CHARACTERS);
  return PATTERNS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Whether another machine may do better: an image that does not exist is missing everywhere. */
export function isMachineAtFault(breakdown: RentalBreakdown): boolean {
  return breakdown !== 'image-missing' && breakdown !== 'image-refused';
}
