import { describe, expect, it } from 'vitest';
import { evidenceOffsets } from '../../lib/pipeline/evidence-offsets';

describe('evidenceOffsets', () => {
  const log = 'first\nÜberschrift: 10 %|█\rWriting\n  ValueError: no\nValueError: no\nend\n';
  const bytes = Buffer.byteLength(log);

  it('finds where the line begins, the last of equal ones', () => {
    const [offset] = evidenceOffsets(['ValueError: no'], log, bytes);
    expect(
      Buffer.from(log)
        .subarray(offset ?? 0)
        .toString(),
    ).toBe('ValueError: no\nend\n');
  });

  it('counts in bytes from the end, so that what is before the tail does not matter', () => {
    const tail = log.slice(log.indexOf('schrift'));
    expect(evidenceOffsets(['end'], `\ufffd${tail}`, bytes)).toEqual([bytes - 4]);
    expect(evidenceOffsets(['Writing'], log, bytes)).toEqual([Buffer.byteLength('first\n')]);
  });

  it('knows nothing of lines that are not there', () => {
    expect(evidenceOffsets(['', 'elsewhere'], log, bytes)).toEqual([null, null]);
  });
});
