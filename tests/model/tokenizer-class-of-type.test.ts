import { describe, expect, it } from 'vitest';
import { checkTokenizer } from '../../lib/model/tokenizer-check';
import type { TokenizerContext } from '../../lib/model/tokenizer-problem';
import { tokenizerClassOf } from '../../lib/model/tokenizer-type-classes';
import { type MemoryFiles, memoryReader } from '../support/memory-reader';
import { tinyTokenizer } from '../support/tiny-checkpoints';

async function codes(files: MemoryFiles, context: Partial<TokenizerContext>) {
  const reader = memoryReader(files);
  const { findings } = await checkTokenizer(reader, await reader.list(), {
    architecture: 'OlmoForCausalLM',
    vocabulary: { value: 96, tensor: 'model.embed_tokens.weight', shape: [96, 32] },
    base: null,
    encode: null,
    ...context,
  });
  return findings.map(({ code, message }) => [code, message]);
}

describe('a tokenizer.json beside which no class is named', () => {
  const files = { 'tokenizer.json': tinyTokenizer(96) };

  it('is loaded with the class of the model, and the tokens that this class names', async () => {
    const classOfType = tokenizerClassOf({ model_type: 'gemma2' });
    expect(await codes(files, { classOfType })).toEqual([
      ['model-tokenizer-mismatch', expect.stringContaining('one of 4 that tokenizer_config.json names')],
    ]);
  });

  it('is loaded as it is where the class has no tokens of its own, or none is known', async () => {
    expect(await codes(files, { classOfType: tokenizerClassOf({ model_type: 'nemotron' }) })).toEqual([]);
    expect(await codes(files, { classOfType: tokenizerClassOf({ model_type: 'own' }) })).toEqual([]);
  });

  it('is loaded with the class that config.json or the tokenizer names, before that of the type', async () => {
    expect(tokenizerClassOf({ model_type: 'gemma2', tokenizer_class: 'GPT2Tokenizer' })).toBe('GPT2Tokenizer');
    expect(tokenizerClassOf({ model_type: 'gemma2', auto_map: {} })).toBeNull();
    const named = { ...files, 'tokenizer_config.json': '{"tokenizer_class": "PreTrainedTokenizerFast"}' };
    expect(await codes(named, { classOfType: 'GemmaTokenizerFast' })).toEqual([]);
  });
});

describe('a vocabulary of bytes', () => {
  const definition = (pre: unknown, decoder = 'ByteLevel', token = 'Ġthe') =>
    JSON.stringify({
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: pre,
      decoder: { type: decoder },
      model: { type: 'BPE', vocab: { a: 0, [token]: 1 }, merges: [] },
    });
  const check = (json: string) => codes({ 'tokenizer.json': json }, { vocabulary: null });

  it.each([
    [{ type: 'Metaspace' }],
    [null],
    [{ type: 'Sequence', pretokenizers: [{ type: 'Digits' }, { type: 'Whitespace' }] }],
  ])('is refused when text is never turned into bytes: %o', async (pre) => {
    expect(await check(definition(pre))).toEqual([
      ['model-pre-tokenizer-unknown', expect.stringContaining('never turns it into bytes')],
    ]);
  });

  it.each([
    ['bytes', definition({ type: 'ByteLevel' })],
    ['bytes after a cut', definition({ type: 'Sequence', pretokenizers: [{ type: 'Split' }, { type: 'ByteLevel' }] })],
    ['a vocabulary of words', definition({ type: 'Metaspace' }, 'Metaspace', '▁the')],
    ['a decoder of bytes over words', definition({ type: 'Metaspace' }, 'ByteLevel', '▁the')],
  ])('passes with %s', async (_what, json) => {
    expect(await check(json)).toEqual([]);
  });
});

it("XVERSE's tokenizer is read from tokenizer.json only", async () => {
  const context = { architecture: 'XverseForCausalLM' };
  expect(await codes({ 'tokenizer.model': new Uint8Array([0x0a, 5]) }, context)).toEqual([
    ['model-tokenizer-missing', expect.stringContaining('There is no tokenizer.json')],
  ]);
  expect(await codes({ 'tokenizer.json': tinyTokenizer(96) }, context)).toEqual([]);
});
