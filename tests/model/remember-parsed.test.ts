import { describe, expect, it, vi } from 'vitest';
import { rememberParsed } from '../../lib/model/remember-parsed';

const LARGE = 70_000;

describe('bytes that were parsed before', () => {
  it('are not parsed again, also as another view of the same memory', () => {
    const bytes = new Uint8Array(LARGE);
    const parse = vi.fn(() => ({ some: 'value' }));
    const value = rememberParsed(bytes, parse);
    expect(rememberParsed(bytes.subarray(0, LARGE), parse)).toBe(value);
    expect(parse).toHaveBeenCalledOnce();
  });

  it('are told from another part of the same memory', () => {
    const memory = new Uint8Array(LARGE + 1);
    const lengthOf = (bytes: Uint8Array) => rememberParsed(bytes, () => [bytes.byteOffset, bytes.length]);
    expect(lengthOf(memory.subarray(0, LARGE))).toEqual([0, LARGE]);
    expect(lengthOf(memory.subarray(1))).toEqual([1, LARGE]);
    expect(lengthOf(memory)).toEqual([0, LARGE + 1]);
  });

  it('are parsed again after an error, and when they are few', () => {
    const bytes = new Uint8Array(LARGE);
    const broken = () => {
      throw new Error('not JSON');
    };
    expect(() => rememberParsed(bytes, broken)).toThrow('not JSON');
    expect(rememberParsed(bytes, () => 'sound')).toBe('sound');
    const few = new Uint8Array(10);
    expect([rememberParsed(few, () => 1), rememberParsed(few, () => 2)]).toEqual([1, 2]);
  });
});
