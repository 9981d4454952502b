import type { Verification } from './artifact';

export const SAMPLE_REMARKS = ['no-words', 'repeats-itself'] as const;

/** What is odd about the text that a file wrote, although it loads and writes. */
export type SampleRemark = (typeof SAMPLE_REMARKS)[number];

/** Shorter answers cannot show whether they would go on like this. */
const LEAST_CHARACTERS = 24;
/** A longer piece is a sentence, and small sound models say one again and again when they always take the likeliest word. */
const LONGEST_PIECE_CHARACTERS = 16;
const LEAST_TIMES = 4;
/** A sound beginning does not save a text that goes round in a circle after it. */
const CIRCLE_SHARE = 0.75;

/**
 * A remark, not a verdict: a ruined quantization writes like this, and so does a model that was never trained, of which
 * nobody may say that its file is broken. Null where there is nothing to remark or nothing was written.
 */
export function sampleRemarkOf(verification: Verification | null): SampleRemark | null {
  const characters = [...(verification?.sampleText ?? '').trim()];
  if (characters.length === 0) return null;
  if (!characters.some((character) => /[\p{L}\p{N}]/u.test(character))) return 'no-words';
  const tail = characters.slice(-Math.ceil(characters.length * CIRCLE_SHARE));
  if (tail.length < LEAST_CHARACTERS) return null;
  const period = smallestPeriod(tail);
  return period <= LONGEST_PIECE_CHARACTERS && tail.length >= period * LEAST_TIMES ? 'repeats-itself' : null;
}

/** After how many characters a text begins again, its own length if it never does (Knuth, Morris and Pratt). */
function smallestPeriod(text: readonly string[]): number {
  const borders = [0];
  let length = 0;
  for (let at = 1; at < text.length; at += 1) {
    while (length > 0 && text[at] !== text[length]) length = borders[length - 1] as number;
    if (text[at] === text[length]) length += 1;
    borders.push(length);
  }
  return text.length - length;
}
