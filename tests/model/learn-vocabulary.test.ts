import { expect, it } from 'vitest';
import { KNOWN_VOCABULARIES } from '@/lib/model/known-vocabularies';
import type { KnownVocabulary } from '@/lib/model/known-vocabulary';
import { learnVocabulary } from '@/lib/model/learn-vocabulary';
import { readTokenizerFiles } from '@/lib/model/tokenizer-files';
import { preTokenizerHash } from '@/lib/model/tokenizer-hash';
import { memoryReader } from '../support/memory-reader';

const TOKENS = 24_000;
const QWEN = KNOWN_VOCABULARIES.find(({ name }) => name.startsWith('Qwen'))?.checkIds ?? [];
const CONFIG = '{"tokenizer_class":"PreTrainedTokenizerFast","eos_token":"<|end|>"}';
const ADDED = [{ id: TOKENS, content: '<|end|>', single_word: false, special: true }];

const TEXTS = Array.from({ length: TOKENS }, (_, id) => `Ġtoken${id}`);

/** A tokenizer.json of byte pairs, with the tokens of some ids written in another way. */
function tokenizer(changes: Readonly<Record<number, string>> = {}, spaces = 0): string {
  const texts = TEXTS.map((text, id) => changes[id] ?? text);
  const content = {
    version: '1.0',
    added_tokens: ADDED,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(texts.map((text, id) => [text, id])),
      merges: texts.slice(0, 9000).map((text) => [text, text]),
    },
  };
  return JSON.stringify(content, null, spaces);
}

async function read(text: string, known: readonly KnownVocabulary[] = []) {
  const reader = memoryReader({ 'tokenizer.json': text, 'tokenizer_config.json': CONFIG });
  return readTokenizerFiles(reader, await reader.list(), 'Qwen3MoeForCausalLM', known);
}

interface Teaching {
  readonly ids?: readonly number[];
  readonly known?: readonly KnownVocabulary[];
  readonly random?: number;
}

async function learn(text: string, { ids = QWEN, known = [], random = 0.5 }: Teaching = {}) {
  return learnVocabulary(await read(text), {
    name: 'tester/new',
    known,
    encode: async () => ids,
    random: () => random,
  });
}

async function learned(text: string, options?: Teaching): Promise<KnownVocabulary> {
  const vocabulary = await learn(text, options);
  if (vocabulary === null) throw new Error('not learned');
  return vocabulary;
}

it('learns from a whole file what the next one of its kind is recognized by, in another layout too', async () => {
  const known = [await learned(tokenizer())];
  const files = await read(tokenizer({}, 2), known);
  expect(files.definition?.recognized?.vocabulary.name).toBe('tester/new');
  const hash = await preTokenizerHash(files, () => Promise.reject(new Error('nothing is tokenized')));
  expect(hash).toEqual({ ...(await preTokenizerHash(await read(tokenizer()), async () => QWEN)), isByParts: true });
});

it('learns nothing whose hash the converter does not know, that is small, or that is known', async () => {
  expect(await learn(tokenizer(), { ids: [1, 2, 3] })).toBeNull();
  expect(await learn('{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}')).toBeNull();
  expect(await learn(tokenizer({}, 2), { known: [await learned(tokenizer())] })).toBeNull();
});

it('learns nothing from a file that its own description would not recognize', async () => {
  // The token is there twice: the text has one more than what was parsed.
  const twice = tokenizer().replace('"Ġtoken20000":20000', '"Ġtoken19":19999,"Ġtoken20000":20000');
  expect(await learn(twice)).toBeNull();
});

it('looks at another place in each entry, so that no file can be prepared to be damaged beside the samples', async () => {
  const [one, other] = [await learned(tokenizer(), { random: 0.1 }), await learned(tokenizer(), { random: 0.9 })];
  const places = ({ samples }: KnownVocabulary) => samples.slice(1, -1).map(({ id }) => id);
  const sixths = (vocabulary: KnownVocabulary) => places(vocabulary).map((id) => Math.floor((id * 6) / TOKENS));
  expect([sixths(one), sixths(other)]).toEqual([
    [0, 1, 2, 3, 4, 5],
    [0, 1, 2, 3, 4, 5],
  ]);
  expect(places(other).every((id) => !places(one).includes(id))).toBe(true);
  const at = places(one)[2] ?? 0;
  const damaged = tokenizer({ [at + 5]: `Ġtokem${at + 5}` });
  expect((await read(damaged, [one])).definition?.recognized).toBeNull();
});

it('takes the right one of many that begin alike', async () => {
  const others = await Promise.all(
    [3, 4, 5].map((at) => learned(tokenizer({ [TOKENS - at]: `Ġtokem${TOKENS - at}` }))),
  );
  const files = await read(tokenizer(), [...others, await learned(tokenizer())]);
  expect(files.definition?.recognized?.vocabulary.samples).toEqual((await learned(tokenizer())).samples);
  expect((await read(tokenizer({ [TOKENS - 9]: 'Ġtokem23991' }), others)).definition?.recognized).toBeNull();
});
