import { describe, expect, it } from 'vitest';
import { lineAddress, offsetInAddress } from '../../app/_log/line-link';

const read = (address: string, stepKey: string) => offsetInAddress(new URL(address, 'http://localhost'), stepKey);

describe('a link to a line', () => {
  it('comes back as it was made, whatever the step is called', () => {
    for (const key of ['convert-model', 'quantize:Q4_K_M', 'a&b=c#d']) {
      expect(read(lineAddress('/jobs/1', key, 123_456), key)).toBe(123_456);
    }
    expect(lineAddress('/jobs/1', 'quantize:Q4_K_M', 0)).toBe('/jobs/1?step=quantize%3AQ4_K_M#log-0');
  });

  it('belongs to its own step alone', () => {
    expect(read('/jobs/1?step=verify#log-12', 'convert-model')).toBeNull();
    expect(read('/jobs/1#log-12', 'convert-model')).toBe(12);
  });

  it('is nothing when it names no byte', () => {
    for (const hash of ['', '#steps', '#log-', '#log-1x', '#log--1', `#log-${'9'.repeat(30)}`]) {
      expect(read(`/jobs/1?step=verify${hash}`, 'verify')).toBeNull();
    }
  });
});
