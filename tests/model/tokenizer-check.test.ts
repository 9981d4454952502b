import { describe, expect, it } from 'vitest';
import { checkTokenizer } from '@/lib/model/tokenizer-check';
import { CHECK_TEXT } from '@/lib/model/tokenizer-check-text';
import { hashTokenIds } from '@/lib/model/tokenizer-hash';
import type { TokenizerContext } from '@/lib/model/tokenizer-problem';
import { tokenizerWay } from '@/lib/model/tokenizer-ways';
import { type MemoryFiles, memoryReader } from '../support/memory-reader';
import { tinySentencePiece, tinyTokenizer } from '../support/tiny-checkpoints';

const ROWS = 96;
/** Ids that no tokenizer gives. */
const STRANGE = async () => [1, 2, 3];

const BASE = {
  repo: 'maker/base',
  commit: 'b'.repeat(40),
  files: [
    'tokenizer.json',
    'tokenizer.model',
    'spiece.model',
    'tokenizer_config.json',
    'chat_template.jinja',
    'model.safetensors',
  ],
};

async function check(files: MemoryFiles, context: Partial<TokenizerContext> = {}) {
  const reader = memoryReader(files);
  const result = await checkTokenizer(reader, await reader.list(), {
    architecture: 'LlamaForCausalLM',
    vocabulary: { value: ROWS, tensor: 'model.embed_tokens.weight', shape: [ROWS, 32] },
    base: null,
    encode: null,
    ...context,
  });
  return { ...result, codes: result.findings.map(({ code }) => code), bytesRead: reader.bytesRead() };
}

function config(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ bos_token: 't0', eos_token: 't0', unk_token: 't0', ...fields });
}

/** A tokenizer.json like Llama 2's: byte-pair encoding with byte fallback. */
function byteFallback(tokens: number, added: readonly unknown[] = []): string {
  const definition = JSON.parse(tinyTokenizer(tokens)) as { model: Record<string, unknown> };
  definition.model['byte_fallback'] = true;
  return JSON.stringify({ ...definition, decoder: { type: 'Sequence', decoders: [] }, added_tokens: added });
}

const GPT2 = { tokenizer_class: 'GPT2Tokenizer' };
const PHI = { architecture: 'Phi3ForCausalLM' };

describe('a tokenizer that converts', () => {
  it.each([
    [
      'tokenizer.json of any class',
      'Qwen2ForCausalLM',
      { 'tokenizer.json': tinyTokenizer(ROWS), 'tokenizer_config.json': config(GPT2) },
    ],
    ['tokenizer.json alone', 'GPT2LMHeadModel', { 'tokenizer.json': tinyTokenizer(90) }],
    ['tokenizer.model alone', 'Gemma2ForCausalLM', { 'tokenizer.model': tinySentencePiece(200) }],
    ['tokenizer.model of fewer pieces', 'LlamaForCausalLM', { 'tokenizer.model': tinySentencePiece(50) }],
    ['vocab.json and merges.txt', 'GPT2LMHeadModel', { 'vocab.json': '{"a":0}', 'merges.txt': '' }],
    ['byte fallback with a token for every row', 'LlamaForCausalLM', { 'tokenizer.json': byteFallback(ROWS) }],
    ['Phi-4', 'Phi3ForCausalLM', { 'tokenizer.json': tinyTokenizer(90), 'tokenizer_config.json': config(GPT2) }],
    [
      'Phi-3',
      'Phi3ForCausalLM',
      {
        'tokenizer.model': tinySentencePiece(90),
        'tokenizer_config.json': config({ tokenizer_class: 'LlamaTokenizer' }),
      },
    ],
    ['a class that is not known', 'SomethingNew', { 'tokenizer.json': tinyTokenizer(90) }],
  ])('%s', async (_, architecture, files) => {
    expect(await check(files, { architecture })).toMatchObject({ findings: [], repairs: [] });
  });

  it('is not read where the converter does not look', async () => {
    const large = byteFallback(50_000);
    const { findings, bytesRead } = await check({ 'tokenizer.model': tinySentencePiece(90), 'tokenizer.json': large });
    expect(findings).toEqual([]);
    expect(bytesRead).toBeLessThan(2000);
  });
});

describe('a file that is missing', () => {
  it.each([
    ['Gemma2ForCausalLM', { 'tokenizer.json': tinyTokenizer(90) }, 'tokenizer.model'],
    ['InternLM2ForCausalLM', { 'tokenizer.json': tinyTokenizer(90) }, 'tokenizer.model'],
    ['MistralForCausalLM', { 'tekken.json': '{}' }, 'tokenizer.json'],
    ['Gemma4ForCausalLM', { 'tokenizer.model': tinySentencePiece(9) }, 'tokenizer.json'],
    ['MambaForCausalLM', { 'vocab.json': '{}', 'merges.txt': '' }, 'tokenizer.json'],
    ['Mamba2ForCausalLM', { 'tokenizer.model.v3': 'x' }, 'tokenizer.model'],
    ['T5ForConditionalGeneration', { 'tokenizer.json': tinyTokenizer(90) }, 'spiece.model'],
    ['XLMRobertaModel', { 'tokenizer.model': tinySentencePiece(9) }, 'tokenizer.json'],
    [
      'Phi3ForCausalLM',
      { 'tokenizer.json': byteFallback(90), 'tokenizer_config.json': config({ tokenizer_class: 'LlamaTokenizer' }) },
      'tokenizer.model',
    ],
  ])('is named for %s, and taken from the base model where that is known', async (architecture, files, file) => {
    const alone = await check(files, { architecture });
    expect(alone.codes).toEqual(['model-tokenizer-missing']);
    expect(alone.findings[0]?.message).toContain(`There is no ${file}`);
    expect(alone.repairs).toEqual([]);
    const { repairs } = await check(files, { architecture, base: BASE });
    expect(repairs).toEqual([
      expect.objectContaining({ kind: 'take-file-from', file, repo: 'maker/base', commit: BASE.commit }),
    ]);
  });

  it.each([
    ['nothing', {}],
    ['an empty file', { 'tokenizer.json': '' }],
    ['a vocabulary without merges', { 'vocab.json': '{}' }],
  ])('is the whole tokenizer: %s', async (_, files) => {
    expect((await check(files)).codes).toEqual(['model-tokenizer-missing']);
  });
});

describe('files of transformers 5', () => {
  const BACKEND = { tokenizer_class: 'TokenizersBackend' };

  it('name a class that the converter does not have, which PreTrainedTokenizerFast stands in for', async () => {
    const files = { 'tokenizer.json': tinyTokenizer(90), 'tokenizer_config.json': config(BACKEND) };
    const { codes, repairs } = await check(files, { architecture: 'Qwen2ForCausalLM' });
    expect(codes).toEqual(['model-tokenizer-too-new']);
    expect(repairs).toEqual([
      {
        kind: 'set-tokenizer-class',
        file: 'tokenizer_config.json',
        before: 'TokenizersBackend',
        after: 'PreTrainedTokenizerFast',
      },
    ]);
  });

  it('have a list that gets its older name back, together with the class', async () => {
    const both = config({ ...BACKEND, extra_special_tokens: ['t1', 't2'] });
    const { codes, repairs } = await check({ 'tokenizer.json': tinyTokenizer(90), 'tokenizer_config.json': both });
    expect(codes).toEqual(['model-tokenizer-too-new', 'model-tokenizer-too-new']);
    // The names exactly: the converter would also be content with the list under a name that nothing reads.
    const renamed = { file: 'tokenizer_config.json', from: 'extra_special_tokens', to: 'additional_special_tokens' };
    expect(repairs).toMatchObject([{ kind: 'set-tokenizer-class' }, { kind: 'rename-field', ...renamed }]);
    const taken = config({ extra_special_tokens: ['t1'], additional_special_tokens: ['t2'] });
    const left = await check({ 'tokenizer.json': tinyTokenizer(90), 'tokenizer_config.json': taken });
    expect(left).toMatchObject({ codes: ['model-tokenizer-too-new'], repairs: [] });
  });

  it('are no fault where they are not looked at, or where code of their own is', async () => {
    const config5 = config({ ...BACKEND, extra_special_tokens: ['t1'] });
    expect(await check({ 'tokenizer.model': tinySentencePiece(90), 'tokenizer_config.json': config5 })).toMatchObject({
      findings: [],
    });
    const remote = config({ tokenizer_class: 'OwnTokenizer', auto_map: { AutoTokenizer: ['own.Own', null] } });
    expect((await check({ 'tokenizer.json': tinyTokenizer(90), 'tokenizer_config.json': remote })).findings).toEqual(
      [],
    );
  });

  it('are not offered a repair that only uncovers another fault', async () => {
    const files = { 'tokenizer.json': tinyTokenizer(97), 'tokenizer_config.json': config(BACKEND) };
    const { codes, repairs } = await check(files);
    expect(codes.sort()).toEqual(['model-tokenizer-mismatch', 'model-tokenizer-too-new']);
    expect(repairs).toEqual([]);
  });
});

describe("Phi's tokenizer", () => {
  it('of Phi-4, saved again under another class, gets its class back', async () => {
    const files = {
      'tokenizer.json': tinyTokenizer(90),
      'tokenizer_config.json': config({ tokenizer_class: 'GPT2TokenizerFast' }),
    };
    const { codes, repairs } = await check(files, PHI);
    expect(codes).toEqual(['model-tokenizer-class-wrong']);
    expect(repairs).toEqual([
      {
        kind: 'set-tokenizer-class',
        file: 'tokenizer_config.json',
        before: 'GPT2TokenizerFast',
        after: 'GPT2Tokenizer',
      },
    ]);
  });

  it('is checked as it would be after that', async () => {
    const own = JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast' });
    const { codes, repairs } = await check({ 'tokenizer.json': tinyTokenizer(96), 'tokenizer_config.json': own }, PHI);
    // GPT2Tokenizer brings <|endoftext|>, which this tokenizer lacks: it would be token 96 of rows 0 to 95.
    expect(codes).toEqual(['model-tokenizer-class-wrong', 'model-tokenizer-mismatch']);
    expect(repairs).toEqual([]);
  });

  it.each([
    ['LlamaTokenizer', { 'tokenizer.model': tinySentencePiece(90) }],
    ['GPT2Tokenizer', { 'tokenizer.json': tinyTokenizer(90) }],
  ])('without a class gets %s by the files that are there', async (after, files) => {
    const { codes, repairs } = await check({ ...files, 'tokenizer_config.json': config({}) }, PHI);
    expect(codes).toEqual(['model-tokenizer-class-wrong']);
    expect(repairs).toEqual([{ kind: 'set-tokenizer-class', file: 'tokenizer_config.json', before: null, after }]);
  });

  it.each([
    ['a piece', { 'tokenizer.model': tinySentencePiece(97) }],
    [
      'a token of tokenizer_config.json',
      {
        'tokenizer_config.json': config({
          tokenizer_class: 'LlamaTokenizer',
          added_tokens_decoder: { 96: { content: '<x>' } },
        }),
      },
    ],
    ['a token of tokenizer.json', { 'tokenizer.json': byteFallback(3, [{ id: 96, content: '<x>' }]) }],
  ])('has no row for %s', async (_, files) => {
    const phi3 = {
      'tokenizer.model': tinySentencePiece(96),
      'tokenizer_config.json': config({ tokenizer_class: 'LlamaTokenizer' }),
    };
    expect((await check(phi3, PHI)).findings).toEqual([]);
    expect((await check({ ...phi3, ...files }, PHI)).codes).toEqual(['model-tokenizer-mismatch']);
  });
});

describe('tokens and rows', () => {
  it('count tokens that only tokenizer_config.json names, which loading puts behind the others', async () => {
    const appended = { added_tokens_decoder: { 5: { content: '<a>' }, 6: { content: '<b>' } } };
    const files = { 'tokenizer.json': tinyTokenizer(95), 'tokenizer_config.json': config(appended) };
    const { findings } = await check(files);
    expect(findings[0]?.message).toContain('token 96 ("<b>")');
    expect(findings[0]?.message).toContain('It is one of 2 that tokenizer_config.json names');
    expect((await check({ ...files, 'tokenizer.json': tinyTokenizer(94) })).findings).toEqual([]);
  });

  it('count a special token, an older added_tokens.json and special_tokens_map.json', async () => {
    const full = { 'tokenizer.json': tinyTokenizer(96) };
    const named = [
      { 'tokenizer_config.json': config({ pad_token: '[PAD]' }) },
      { 'tokenizer_config.json': config({ additional_special_tokens: [{ content: '<x>' }] }) },
      { 'tokenizer_config.json': config({}), 'added_tokens.json': '{"<x>": 3}' },
      { 'tokenizer_config.json': config({}), 'special_tokens_map.json': '{"pad_token": {"content": "<pad>"}}' },
      { 'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'Qwen2Tokenizer' }) },
    ];
    for (const files of named) expect((await check({ ...full, ...files })).codes).toEqual(['model-tokenizer-mismatch']);
    const none = config({ tokenizer_class: 'Qwen2Tokenizer', pad_token: null });
    expect((await check({ ...full, 'tokenizer_config.json': none })).findings).toEqual([]);
  });

  it('must be as many where the converter fills nothing up', async () => {
    const files = { 'tokenizer.json': byteFallback(90) };
    const { findings, repairs } = await check(files, { base: BASE });
    expect(findings).toEqual([
      expect.objectContaining({ code: 'model-tokenizer-mismatch', severity: 'blocks', configured: 90, actual: ROWS }),
    ]);
    expect(repairs).toEqual([expect.objectContaining({ kind: 'take-file-from', file: 'tokenizer.model' })]);
    // The same files for a class that does fill up.
    expect((await check(files, { architecture: 'GPT2LMHeadModel' })).findings).toEqual([]);
  });

  it('are told apart by id when two files disagree, as a note', async () => {
    const added = [{ id: 89, content: 't89' }];
    const definition = JSON.stringify({ ...JSON.parse(tinyTokenizer(90)), added_tokens: added });
    const files = {
      'tokenizer.json': definition,
      'tokenizer_config.json': config({ added_tokens_decoder: { 80: { content: 't89' } } }),
    };
    const { findings } = await check(files);
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'tokenizer-files-disagree',
        severity: 'note',
        evidence: ['"t89": 89 in tokenizer.json, 80 in tokenizer_config.json'],
      }),
    ]);
  });
});

describe('tokenizer.model that is none', () => {
  const TIKTOKEN = 'IQ== 0\nIg== 1\nIw== 2\n'.repeat(50);

  it('is left out where tokenizer.json is there', async () => {
    const files = { 'tokenizer.model': TIKTOKEN, 'tokenizer.json': tinyTokenizer(90) };
    const { codes, repairs } = await check(files);
    expect(codes).toEqual(['model-tokenizer-mismatch']);
    expect(repairs).toEqual([expect.objectContaining({ kind: 'leave-out', files: ['tokenizer.model'] })]);
    expect((await check({ 'tokenizer.model': TIKTOKEN })).repairs).toEqual([]);
  });

  it.each([2_000, 90_000])('is cut short at %i bytes, whatever lies beside it', async (length) => {
    const cut = trainedModel(20_000).subarray(0, length);
    const rows = { value: 20_000, tensor: 'model.embed_tokens.weight', shape: [20_000, 32] };
    const alone = { 'tokenizer.model': cut };
    const { codes, repairs, findings } = await check(
      { ...alone, 'tokenizer.json': tinyTokenizer(90) },
      { vocabulary: rows },
    );
    expect(codes).toEqual(['model-tokenizer-mismatch']);
    expect(findings[0]?.message).toContain('cut short');
    expect(repairs).toEqual([]);
    const { repairs: taken } = await check(alone, { vocabulary: rows, base: BASE });
    expect(taken).toEqual([expect.objectContaining({ kind: 'take-file-from', file: 'tokenizer.model' })]);
  });

  it('is seen to be whole, and how many pieces it has, at its end', async () => {
    const files = { 'tokenizer.model': trainedModel(200_000) };
    const rows = (value: number) => ({ value, tensor: 'model.embed_tokens.weight', shape: [value, 32] });
    const whole = await check(files, { vocabulary: rows(200_064) });
    expect(whole.findings).toEqual([]);
    expect(whole.bytesRead).toBeLessThan(200_000);
    expect((await check(files, { vocabulary: rows(262_144) })).codes).toEqual(['model-tokenizer-mismatch']);
  });

  it('is a pointer', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n';
    await expect(check({ 'tokenizer.model': pointer })).rejects.toMatchObject({
      failure: { code: 'model-lfs-pointer' },
    });
    const beside = { 'tokenizer.model': tinySentencePiece(90), 'tokenizer.json': pointer };
    await expect(check(beside)).rejects.toMatchObject({ failure: { code: 'model-lfs-pointer' } });
  });
});

describe('a tokenizer of far fewer tokens than the embedding has rows', () => {
  const rows = (value: number) => ({ value, tensor: 'model.embed_tokens.weight', shape: [value, 32] });

  it.each([
    ['tokenizer.model', 'LlamaForCausalLM', { 'tokenizer.model': tinySentencePiece(512) }],
    ['tokenizer.json', 'GPT2LMHeadModel', { 'tokenizer.json': tinyTokenizer(512) }],
    ['vocab.json', 'GPT2LMHeadModel', { 'vocab.json': '{"a":0}', 'merges.txt': 'x' }],
  ])('belongs to another model: %s', async (file, architecture, files) => {
    const { codes, findings } = await check(files, { architecture, vocabulary: rows(32_000) });
    expect(codes).toEqual(['model-tokenizer-mismatch']);
    expect(findings[0]?.message).toContain(`${file} has `);
    expect((await check(files, { architecture, vocabulary: rows(1000) })).codes).toEqual([]);
  });
});

describe('a byte order mark', () => {
  it.each(['tokenizer.json', 'tokenizer_config.json'])('is taken out of %s', async (file) => {
    const files: Record<string, string> = {
      'tokenizer.json': tinyTokenizer(90),
      'tokenizer_config.json': config(GPT2),
    };
    const marked = { ...files, [file]: `\ufeff${files[file]}` };
    const { codes, repairs } = await check(marked, { architecture: 'GPT2LMHeadModel' });
    expect(codes).toEqual(['model-tokenizer-missing']);
    expect(repairs).toEqual([{ kind: 'remove-byte-order-mark', file }]);
  });

  it('is seen in a tokenizer.json that is passed over', async () => {
    const files = { 'tokenizer.model': tinySentencePiece(90), 'tokenizer.json': `\ufeff${tinyTokenizer(90)}` };
    expect((await check(files)).repairs).toEqual([{ kind: 'remove-byte-order-mark', file: 'tokenizer.json' }]);
  });
});

describe('a checkpoint without any tokenizer', () => {
  const files = { 'config.json': '{}' };

  it('gets all that makes one from the base model, and nothing where that is not known or has none itself', async () => {
    const { codes, repairs } = await check(files, { base: BASE });
    expect(codes).toEqual(['model-tokenizer-missing']);
    expect(repairs.map((repair) => (repair.kind === 'take-file-from' ? repair.file : null))).toEqual([
      'tokenizer.json',
      'tokenizer.model',
      'tokenizer_config.json',
      'chat_template.jinja',
    ]);
    expect((await check(files)).repairs).toEqual([]);
    expect((await check(files, { base: { ...BASE, files: ['vocab.json', 'README.md'] } })).repairs).toEqual([]);
  });
});

describe('the pre-tokenizer', () => {
  const files = { 'tokenizer.json': tinyTokenizer(90), 'tokenizer_config.json': config(GPT2) };
  const gpt2 = { architecture: 'GPT2LMHeadModel' };

  it('that the converter does not know stops it, with the hash that its log would show', async () => {
    const { findings, repairs } = await check(files, { ...gpt2, encode: STRANGE, base: BASE });
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'model-pre-tokenizer-unknown',
        severity: 'blocks',
        evidence: [`chkhsh: ${await hashTokenIds([1, 2, 3])}`],
      }),
    ]);
    expect(repairs.map((repair) => (repair.kind === 'take-file-from' ? repair.file : null))).toEqual([
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
  });

  it('is asked about with the text of the converter, once', async () => {
    const texts: string[] = [];
    const encode = async ({ text }: { text: string }) => {
      texts.push(text);
      return null;
    };
    expect((await check(files, { ...gpt2, encode })).findings).toEqual([]);
    expect(texts).toEqual([CHECK_TEXT]);
  });

  it('is not asked about where the converter does not ask, or where loading stops already', async () => {
    const never = async (): Promise<null> => {
      throw new Error('asked');
    };
    const model = { 'tokenizer.model': tinySentencePiece(90) };
    await check({ ...files, ...model }, { encode: never });
    await check({ 'tokenizer.json': byteFallback(ROWS), 'tokenizer_config.json': config({}) }, { encode: never });
    const newer = { ...files, 'tokenizer_config.json': config({ tokenizer_class: 'TokenizersBackend', auto_map: {} }) };
    await check(newer, { ...gpt2, encode: never });
  });

  it('hashes ids as Python writes them', async () => {
    // sha256 of "[198, 220]" and of "[]".
    expect(await hashTokenIds([198, 220])).toBe('95eb3e61aaa851e2adedb9012cd22fbf0a1082bfc64a8970594a015120005c9b');
    expect(await hashTokenIds([])).toBe('4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
  });
});

describe('hostile files', () => {
  it.each([
    ['nested deeper than any tokenizer', `{"model":${'['.repeat(200)}${']'.repeat(200)}}`],
    ['of nine million values', `{"a":[${'1,'.repeat(9_000_000)}1]}`],
  ])('are not parsed: %s', async (_, text) => {
    expect((await check({ 'tokenizer.json': text })).findings).toEqual([]);
  });

  it.each([
    ['[]'],
    ['{"model": 3, "added_tokens": {"a": 1}}'],
    ['{"model": {"vocab": {"__proto__": 95, "constructor": 3}}, "added_tokens": [null, 3, {"id": "7", "content": 4}]}'],
    ['{"model": {"type": "BPE", "vocab": [[], 3, null], "merges": 4}, "decoder": [], "post_processor": "x"}'],
  ])('of odd content are taken as what they are: %s', async (text) => {
    const odd =
      '{"tokenizer_class": 4, "added_tokens_decoder": [1], "extra_special_tokens": {}, "pad_token": {"content": 5}}';
    const files = { 'tokenizer.json': text, 'tokenizer_config.json': odd };
    expect((await check(files, { encode: STRANGE })).findings).toEqual([]);
  });

  it('are refused when they are not JSON', async () => {
    await expect(check({ 'tokenizer.json': '{"model": ' })).rejects.toMatchObject({
      failure: { code: 'model-tokenizer-missing' },
    });
  });
});

it('every way has names, and an unknown one has none', () => {
  expect(tokenizerWay('LlamaForCausalLM')).toBe('llama');
  expect(tokenizerWay('Phi3ForCausalLM')).toBe('phi3');
  expect(tokenizerWay('Qwen3MoeForCausalLM')).toBe('gpt2');
  expect(tokenizerWay('Nobody')).toBeNull();
  expect(tokenizerWay(null)).toBeNull();
});

/** A tokenizer.model as the trainer writes it: pieces, then its own settings with their number, then a normalizer's. */
function trainedModel(pieces: number): Uint8Array {
  const piece = [0x0a, 12, 0x0a, 5, 0x61, 0x62, 0x63, 0x64, 0x65, 0x15, 0, 0, 0, 0];
  const count = [0x20, (pieces & 0x7f) | 0x80, ((pieces >> 7) & 0x7f) | 0x80, (pieces >> 14) & 0x7f];
  const settings = [0x0a, 1, 0x78, 0x1d, 0, 0, 0, 0, ...count, 0x52, 2, 0x7a, 0x7a];
  const end = [0x12, settings.length, ...settings, 0x1a, 3, 0x0a, 1, 0x78];
  const bytes = new Uint8Array(pieces * piece.length + end.length);
  for (let at = 0; at < pieces; at += 1) bytes.set(piece, at * piece.length);
  bytes.set(end, pieces * piece.length);
  return bytes;
}
