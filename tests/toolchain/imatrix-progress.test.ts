import { describe, expect, it } from 'vitest';
import { createImatrixProgress } from '../../lib/toolchain/imatrix-progress';

// As llama-imatrix v0.5.0 printed it for a small model and 9 chunks of text.
const OUTPUT =
  '0.00.301.520 I compute_imatrix: computing over 9 chunks, n_ctx=256, batch_size=2048, n_seq=8\n' +
  '0.02.077.599 I compute_imatrix: 1.78 seconds per pass - ETA 0.02 minutes\n' +
  '[1]52586.2999,[2]51118.9159,[3]52240.0423,[4]54198.3400,[5]53594.5563,[6]52414.4637,[7]52069.9487,[8]52642.1324,[9]52522.1087,\n';

describe('progress of llama-imatrix', () => {
  it.each([1, 7, 1000])('is counted in chunks, with the output cut into pieces of %i', (size) => {
    const parser = createImatrixProgress();
    const seen: number[] = [];
    for (let at = 0; at < OUTPUT.length; at += size) {
      const progress = parser.push(OUTPUT.slice(at, at + size), at * 10);
      if (progress) seen.push(progress.done ?? -1);
    }
    expect(seen.at(-1)).toBe(9);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('has nothing to say before the plan is known', () => {
    expect(createImatrixProgress().push('[1]5.0,', 0)).toBeNull();
  });
});
