import { describe, expect, it } from 'vitest';
import { containerLogLines, ignoredKeysLines } from '../../lib/domain/container-log';

describe('the log of a container', () => {
  it('is kept to its last lines, without what would act on a screen, and without tokens', () => {
    const log = '\u001b[31mred\u001b[0m\n\n\u202ebackwards\u0007\r\ntoken hf_abcdefgh1234 given\n';
    expect(containerLogLines(log)).toEqual(['red', 'backwards', 'token [token] given']);
    const many = containerLogLines(Array.from({ length: 500 }, (_, at) => `line ${at}`).join('\n'));
    expect([many.length, many.at(-1)]).toEqual([40, 'line 499']);
    expect(containerLogLines('x'.repeat(10_000_000)).map(({ length }) => length)).toEqual([200]);
  });

  it('shows when the list of keys is ignored', () => {
    const line = 'Authentication refused: bad ownership or modes for directory /root';
    expect(ignoredKeysLines(['Server listening', line])).toEqual([line]);
  });
});
