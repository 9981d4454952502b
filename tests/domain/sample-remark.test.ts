import { expect, it } from 'vitest';
import { sampleRemarkOf } from '../../lib/domain/sample-remark';
import { VERIFIED } from '../support/verified-file';

const remarkOn = (sampleText: string | null) => sampleRemarkOf({ ...VERIFIED, sampleText });

it.each([
  ['one token', ' the'.repeat(48)],
  ['one character', 'G'.repeat(40)],
  ['a few words', 'of the best '.repeat(12)],
  ['one token, cut in its middle', `${'Ġhello'.repeat(12)}Ġhel`],
  ['one token after a sound beginning', `The capital of${' Paris'.repeat(20)}`],
  ['lines of one word', 'yes\n'.repeat(16)],
])('a text of %s over and over is remarked on', (_what, text) => {
  expect(remarkOn(text)).toBe('repeats-itself');
});

it.each([
  ['marks', '!!!!!!!!!!!!'],
  ['bytes that are no characters', '\u{FFFD}\u{FFFD}\u{FFFD}'],
  ['control characters', '\u0001\u0002'],
])('a text of nothing but %s has no words', (_what, text) => {
  expect(remarkOn(text)).toBe('no-words');
});

it.each([
  ['a short answer', 'Paris.'],
  ['a short answer that doubles a word', 'no no no'],
  ['an answer', 'The capital of France is Paris, which lies on the Seine.'],
  ['whole sentences that come again', 'The capital of France is Paris. '.repeat(6)],
  ['random words', 'quilt seven barn quilt lake moor barn seven lake quilt'],
  ['a list of numbers', '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14'],
  ['another script', 'Ĳ日本の首都は東京です。フランスの首都はパリです。'],
  ['nothing at all', '   '],
  ['no text', null],
])('%s is not remarked on', (_what, text) => {
  expect(remarkOn(text)).toBeNull();
});

it('what was not verified is not remarked on', () => {
  expect(sampleRemarkOf(null)).toBeNull();
});
