import { describe, expect, it } from 'vitest';
import { readJsonDocument, readJsonFile } from '../../lib/model/json-file';
import { parsePythonJson } from '../../lib/model/python-json';
import { memoryReader } from '../support/memory-reader';

const OPTIONS = { maxBytes: 1000, code: 'model-config-missing' } as const;

describe('parsePythonJson', () => {
  it('reads the numbers that Python writes and JSON lacks, and leaves strings alone', () => {
    expect(parsePythonJson('{"a": [Infinity, -Infinity, NaN], "NaN": "\\"Infinity\\\\", "b": "NaN"}')).toEqual({
      a: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null],
      NaN: '"Infinity\\',
      b: 'NaN',
    });
  });

  it.each([
    '{"a": Infinit}',
    '{"a": -NaN}',
    '{"a": InfinityNaN}',
    '{"a": 1Infinity}',
    '{"a": 1-Infinity}',
    '{"a": Infinity5}',
    '{"a": NaN5}',
    '"Infinity',
    '{Infinity: 1}',
  ])('refuses %s', (text) => expect(() => parsePythonJson(text)).toThrow(SyntaxError));

  it('takes strings of many megabytes', () => {
    const text = JSON.stringify('\\"'.repeat(5_000_000));
    expect(parsePythonJson(`[${text}, Infinity]`)).toEqual([JSON.parse(text), Number.POSITIVE_INFINITY]);
  });
});

describe('readJsonDocument', () => {
  it('gives the text as it is, without a byte order mark', async () => {
    const reader = memoryReader({ 'config.json': '\ufeff{"limit": [0.0, Infinity]}\r\n' });
    expect(await readJsonDocument(reader, 'config.json', OPTIONS)).toEqual({
      text: '{"limit": [0.0, Infinity]}\r\n',
      value: { limit: [0, Number.POSITIVE_INFINITY] },
      hasByteOrderMark: true,
    });
    expect(await readJsonDocument(reader, 'none.json', OPTIONS)).toBeNull();
    expect(await readJsonFile(reader, 'none.json', OPTIONS)).toBeNull();
  });

  it.each([
    ['text that is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'model-config-missing'],
    ['half a file', '{"a": 1', 'model-config-missing'],
    ['more than such a file holds', `"${'x'.repeat(1000)}"`, 'model-config-missing'],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', 'model-lfs-pointer'],
  ])('refuses %s', async (_what, content, code) => {
    const read = readJsonDocument(memoryReader({ 'config.json': content }), 'config.json', OPTIONS);
    await expect(read).rejects.toMatchObject({ failure: { code } });
  });
});
