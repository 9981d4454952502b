import { beforeAll, describe, expect, it } from 'vitest';
import { describeVocabulary } from '@/lib/model/describe-vocabulary';
import { KNOWN_VOCABULARIES } from '@/lib/model/known-vocabularies';
import type { KnownVocabulary } from '@/lib/model/known-vocabulary';
import { checkTokenizer } from '@/lib/model/tokenizer-check';
import { CHECK_TEXT } from '@/lib/model/tokenizer-check-text';
import type { EncodeRequest } from '@/lib/model/tokenizer-problem';
import { readTokenizerSize } from '@/lib/model/tokenizer-size';
import { memoryReader } from '../support/memory-reader';

const TOKENS = 24_000;
const ADDED = [
  { id: TOKENS, content: '<|end|>', single_word: false, special: true },
  { id: 128_000, content: '<|begin_of_text|>', single_word: false, special: true },
];
/** Quotes, backslashes and letters of two bytes, as byte-level vocabularies have them. */
const textOf = (id: number) => `Ġt${id}${['', '"', '\\', 'é', ','][id % 5]}`;

interface Definition {
  version: string;
  added_tokens: unknown[];
  normalizer: unknown;
  pre_tokenizer: unknown;
  post_processor: unknown;
  decoder: unknown;
  model: { type: string; ignore_merges: boolean; vocab: Record<string, number>; merges: (string | string[])[] };
}

const TEXTS = Array.from({ length: TOKENS }, (_, id) => textOf(id));
const VOCAB = Object.fromEntries(TEXTS.map((text, id) => [text, id]));

/** Each test gets its own, to change as it likes. */
function definition(): Definition {
  return {
    version: '1.0',
    added_tokens: ADDED,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      ignore_merges: false,
      vocab: { ...VOCAB },
      merges: TEXTS.slice(0, 9000).map((text, at) => [text, TEXTS[at + 1] ?? '']),
    },
  };
}

const CONFIG = { tokenizer_class: 'PreTrainedTokenizerFast', eos_token: '<|end|>', bos_token: '<|begin_of_text|>' };
const idsOf = (name: string) => KNOWN_VOCABULARIES.find((each) => each.name.startsWith(name))?.checkIds ?? [];

async function known(checkIds: readonly number[]): Promise<KnownVocabulary> {
  const described = await describeVocabulary('Maker', definition() as never, checkIds);
  if (described === null) throw new Error('not described');
  return described;
}

let qwen: KnownVocabulary;
beforeAll(async () => {
  qwen = await known(idsOf('Qwen'));
});

interface Look {
  readonly vocabularies?: readonly KnownVocabulary[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly rows?: number;
}

async function look(text: string, { vocabularies = [qwen], config = CONFIG, rows = 128_256 }: Look = {}) {
  const files = { 'tokenizer.json': text, 'tokenizer_config.json': JSON.stringify(config) };
  const reader = memoryReader(files);
  const asked: EncodeRequest[] = [];
  const result = await checkTokenizer(reader, await reader.list(), {
    architecture: 'Qwen3MoeForCausalLM',
    vocabulary: { value: rows, tensor: 'model.embed_tokens.weight', shape: [rows, 32] },
    base: null,
    encode: async (request) => {
      asked.push(request);
      return [1, 2, 3];
    },
    knownVocabularies: vocabularies,
  });
  const isWhole = reader.bytesRead() >= Buffer.byteLength(text);
  return { findings: result.findings, codes: result.findings.map(({ code }) => code), isWhole, asked, reader };
}

const withStrings = ({ model, ...rest }: Definition) => ({
  ...rest,
  model: { ...model, merges: model.merges.map((pair) => (pair as string[]).join(' ')) },
});

describe('a tokenizer.json of a known vocabulary', () => {
  it.each([
    ['as transformers writes it', () => JSON.stringify(definition(), null, 2)],
    ['with four blanks', () => JSON.stringify(definition(), null, 4)],
    ['on one line', () => JSON.stringify(definition())],
    ['with merges as strings', () => JSON.stringify(withStrings(definition()), null, 2)],
    ['on one line with merges as strings', () => `${JSON.stringify(withStrings(definition()))}\n`],
  ])('is recognized by parts of it, %s', async (_layout, write) => {
    const { codes, isWhole, asked, findings, reader } = await look(write());
    expect(codes).toEqual(['tokenizer-by-parts']);
    expect(findings[0]?.severity).toBe('note');
    expect(findings[0]?.evidence.join()).toContain('(qwen2)');
    expect(isWhole).toBe(false);
    expect(reader.bytesRead()).toBeLessThan(120_000);
    expect(asked).toEqual([]);
  });

  it('is hashed with the begin token that its post-processor puts first', async () => {
    const llama = await known(idsOf('Llama 3'));
    const single = [{ SpecialToken: { id: '<|begin_of_text|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }];
    const template = { type: 'TemplateProcessing', single, pair: [], special_tokens: {} };
    const processors = [definition().post_processor, template];
    const changed = { ...definition(), post_processor: { type: 'Sequence', processors } };
    const { findings, asked } = await look(JSON.stringify(changed, null, 2), { vocabularies: [llama] });
    expect(findings.map(({ evidence }) => evidence.at(-1))).toEqual([expect.stringContaining('(llama-bpe)')]);
    expect(asked).toEqual([]);
  });

  it('is found among others that begin with the same tokens', async () => {
    const other = {
      ...qwen,
      tokenCount: 150_000,
      samples: qwen.samples.map((each, at) => (at === 4 ? { ...each, id: 149_936 } : each)),
    };
    const { codes, isWhole } = await look(JSON.stringify(definition(), null, 2), { vocabularies: [other, qwen] });
    expect([codes, isWhole]).toEqual([['tokenizer-by-parts'], false]);
  });

  it('is measured as if it had been read whole', async () => {
    const { reader } = await look(JSON.stringify(definition(), null, 2));
    expect(await readTokenizerSize(reader, [qwen])).toEqual(await readTokenizerSize(reader, []));
  });

  it('has too many tokens for the embedding in the same words', async () => {
    const text = JSON.stringify({ ...definition(), added_tokens: ADDED.slice(0, 1) });
    for (const rows of [TOKENS, TOKENS - 10]) {
      const config = { ...CONFIG, bos_token: null };
      const near = await look(text, { vocabularies: [], config, rows });
      const far = await look(text, { config, rows });
      expect(near.codes).toContain('model-tokenizer-mismatch');
      const mismatch = (each: typeof near) => each.findings.find(({ code }) => code === 'model-tokenizer-mismatch');
      expect(mismatch(far)).toEqual(mismatch(near));
    }
  });
});

describe('a tokenizer.json that is not quite a known one is read whole', () => {
  const change = (at: number, text: string) => (from: Definition) => {
    const entries = Object.entries(from.model.vocab).map(([token, id]) => [id === at ? text : token, id] as const);
    return { ...from, model: { ...from.model, vocab: Object.fromEntries(entries) } };
  };
  const withModel = (model: (from: Definition['model']) => object) => (from: Definition) => ({
    ...from,
    model: model(from.model),
  });
  it.each<[string, (from: Definition) => object]>([
    ['another token at its beginning', change(100, 'Ġx100')],
    ['another token of the same length in the middle', change(12_010, 'Ġx12010')],
    ['another token of the same length near the end', change(TOKENS - 5, 'Ġx23995')],
    ['a longer token somewhere', change(3000, 'Ġtoken3000')],
    [
      'one token less',
      withModel(({ vocab: { [textOf(TOKENS - 1)]: _last, ...vocab }, ...rest }) => ({ ...rest, vocab })),
    ],
    [
      'a token more at its end',
      withModel(({ vocab, ...rest }) => ({ ...rest, vocab: { ...vocab, more: TOKENS }, merges: rest.merges })),
    ],
    ['other merges at its end', withModel(({ merges, ...rest }) => ({ ...rest, merges: merges.slice(0, -1) }))],
    ['merges before the vocabulary', withModel(({ vocab, merges, type }) => ({ type, merges, vocab }))],
    ['a field behind the model', (from) => ({ ...from, extra: { a: 1 } })],
    ['the model first', ({ model, ...rest }) => ({ model, ...rest })],
  ])('with %s', async (_what, changed) => {
    const { codes, isWhole, asked } = await look(JSON.stringify(changed(definition()), null, 2));
    expect(isWhole).toBe(true);
    expect(asked).toHaveLength(1);
    expect(codes).toEqual(['model-pre-tokenizer-unknown']);
  });

  it('with letters written as escapes', async () => {
    const text = JSON.stringify(definition(), null, 2).replace(
      /[^\0-\x7f]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    expect(await look(text)).toMatchObject({ isWhole: true, codes: ['model-pre-tokenizer-unknown'] });
  });

  it('when it is cut, and then it is no JSON', async () => {
    const text = JSON.stringify(definition(), null, 2).slice(0, -40_000);
    await expect(look(text)).rejects.toThrow('tokenizer.json is not valid JSON');
  });

  it('when nothing is known, or it is small', async () => {
    expect(await look(JSON.stringify(definition()), { vocabularies: [] })).toMatchObject({ isWhole: true });
    const vocab = Object.fromEntries(Array.from({ length: 900 }, (_, id) => [textOf(id), id]));
    const small = { ...definition(), model: { ...definition().model, vocab, merges: [] } };
    expect(await look(JSON.stringify(small))).toMatchObject({ isWhole: true });
  });
});

describe('a known vocabulary under other rules', () => {
  it.each<[string, Partial<Definition>]>([
    ['another way to split', { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: false } }],
    ['a normalizer', { normalizer: { type: 'NFC' } }],
    ['an added token in the text', { added_tokens: [...ADDED, { id: 128_001, content: 'apple', single_word: false }] }],
    [
      'a post-processor of another kind',
      { post_processor: { type: 'RobertaProcessing', sep: ['a', 1], cls: ['b', 2] } },
    ],
    ['merges that are passed over', { model: { ...definition().model, ignore_merges: true } }],
  ])('is tokenized for real, with %s', async (_what, fields) => {
    const text = JSON.stringify({ ...definition(), ...fields });
    const { codes, asked } = await look(text);
    expect(asked.map(({ json, text: checked }) => [Buffer.from(json).toString(), checked])).toEqual([
      [text, CHECK_TEXT],
    ]);
    expect(codes).toEqual(['model-pre-tokenizer-unknown']);
  });

  it('is read whole when tokenizer_config.json names a token that is not among the added ones', async () => {
    const text = JSON.stringify(definition(), null, 2);
    const config = { ...CONFIG, pad_token: textOf(7), unk_token: '<new>' };
    const { isWhole, findings } = await look(text, { config, rows: 128_001 });
    expect(isWhole).toBe(true);
    expect(findings[0]?.message).toContain('"<new>"');
  });
});
