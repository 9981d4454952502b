import { describe, expect, it } from 'vitest';
import { rememberingReader } from '@/lib/model/remembering-reader';
import { memoryReader } from '../support/memory-reader';

describe('a reader that remembers', () => {
  it('reads a range once, and nothing for a part of it, even while it is on its way', async () => {
    const inner = memoryReader({ file: '0123456789' });
    const reader = rememberingReader(inner);
    const text = async (offset: number, length: number) =>
      Buffer.from(await reader.read('file', offset, length)).toString();
    const answers = await Promise.all([text(2, 6), text(2, 6), text(3, 2), text(7, 1)]);
    expect(answers).toEqual(['234567', '234567', '34', '7']);
    expect([reader.bytesRead, inner.bytesRead()]).toEqual([6, 6]);
    expect(await text(6, 3)).toBe('678');
    expect(reader.bytesRead).toBe(9);
    // At the file's end a range holds less than was asked for, and so does a part of it.
    expect([await text(8, 100), await text(9, 50)]).toEqual(['89', '9']);
  });

  it('asks again for what failed', async () => {
    const inner = memoryReader({ file: '0123456789' });
    let failures = 1;
    const read = async (path: string, offset: number, length: number) => {
      failures -= 1;
      if (failures >= 0) throw new Error('gone');
      return inner.read(path, offset, length);
    };
    const reader = rememberingReader({ ...inner, read });
    await expect(reader.read('file', 0, 4)).rejects.toThrow('gone');
    expect(await reader.read('file', 0, 4)).toHaveLength(4);
    expect(reader.bytesRead).toBe(4);
  });
});
