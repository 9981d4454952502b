import { describe, expect, it } from 'vitest';
import { createThreadEncoder } from '@/lib/tokenizers/thread-encoder';

const vocab = { a: 0, b: 1, ab: 2, c: 3, '<s>': 4 };
const PLAIN = {
  version: '1.0',
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'BPE', vocab, merges: ['a b'] },
};

function bytes(definition: unknown): Uint8Array {
  return new TextEncoder().encode(typeof definition === 'string' ? definition : JSON.stringify(definition));
}

describe('a tokenizer in its thread', () => {
  const encode = createThreadEncoder({ timeoutMs: 10_000, memoryMb: 256 });

  it('gives the ids of a text, with fields replaced', async () => {
    expect(await encode({ json: bytes(PLAIN), replaced: {}, text: 'abcab' })).toEqual([2, 3, 2]);
    const replaced = {
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [],
        special_tokens: {},
      },
    };
    expect(await encode({ json: bytes(PLAIN), replaced, text: 'c' })).toEqual([4, 3]);
  });

  it('answers null for what is no tokenizer, and goes on', async () => {
    for (const json of ['', 'null', '[]', '{"model":', '{"model":{"type":"Own"}}', '{"model":{"type":"BPE"}}']) {
      expect(await encode({ json: bytes(json), replaced: {}, text: 'a' })).toBeNull();
    }
    expect(await encode({ json: bytes(PLAIN), replaced: {}, text: 'a' })).toEqual([0]);
  });

  it('answers null when a token has no id', async () => {
    const model = { type: 'WordPiece', vocab, unk_token: '[UNK]', continuing_subword_prefix: '##' };
    expect(await encode({ json: bytes({ ...PLAIN, model }), replaced: {}, text: 'xyz' })).toBeNull();
  });

  it('keeps answers apart when several are asked for at once', async () => {
    const texts = ['a', 'b', 'c', 'ab'];
    const answers = await Promise.all(texts.map((text) => encode({ json: bytes(PLAIN), replaced: {}, text })));
    expect(answers).toEqual([[0], [1], [3], [2]]);
  });
});

describe('a tokenizer that is asked the same again', () => {
  it('answers from memory, and still tells tokenizers, fields and texts apart', async () => {
    const encode = createThreadEncoder({ timeoutMs: 10_000, memoryMb: 256 });
    const request = { json: bytes(PLAIN), replaced: {}, text: 'ab' };
    const first = encode(request);
    expect(encode({ ...request, json: bytes(PLAIN) })).toBe(first);
    expect(await first).toEqual([2]);
    const merges: string[] = [];
    expect(await encode({ ...request, json: bytes({ ...PLAIN, model: { ...PLAIN.model, merges } }) })).toEqual([0, 1]);
    expect(await encode({ ...request, replaced: { model: { ...PLAIN.model, merges } } })).toEqual([0, 1]);
    expect(await encode({ ...request, text: 'ba' })).toEqual([1, 0]);
  });

  it('keeps no answer that was given up', async () => {
    const encode = createThreadEncoder({ timeoutMs: 10_000, memoryMb: 256 });
    const request = { json: bytes('null'), replaced: {}, text: 'a' };
    const first = encode(request);
    expect(await first).toBeNull();
    expect(encode(request)).not.toBe(first);
  });
});

describe('a hostile tokenizer', () => {
  it('whose regular expression does not end is ended', async () => {
    const encode = createThreadEncoder({ timeoutMs: 1500, memoryMb: 256 });
    const split = { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false };
    const started = performance.now();
    const ids = await encode({
      json: bytes({ ...PLAIN, pre_tokenizer: split }),
      replaced: {},
      text: `${'a'.repeat(60)}!`,
    });
    expect(ids).toBeNull();
    expect(performance.now() - started).toBeLessThan(8000);
    expect(await encode({ json: bytes(PLAIN), replaced: {}, text: 'ab' })).toEqual([2]);
  });

  it('that needs more memory than there is ends itself alone', async () => {
    const encode = createThreadEncoder({ timeoutMs: 15_000, memoryMb: 32 });
    const nested = `{"model":${'[['.repeat(2_000_000)}`;
    expect(await encode({ json: bytes(nested), replaced: {}, text: 'a' })).toBeNull();
    expect(await encode({ json: bytes(PLAIN), replaced: {}, text: 'ab' })).toEqual([2]);
  });
});
