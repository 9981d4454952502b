import { describe, expect, it } from 'vitest';
import { checkGgufStructure, type GgufStructure } from '../../lib/model/gguf-structure';
import { type GgufTestFile, ggufFile, text, u32, u64 } from '../support/gguf-file';
import { memoryReader } from '../support/memory-reader';

function check(bytes: Uint8Array, facts: Record<string, number> | null = null): Promise<GgufStructure> {
  const source = facts && {
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, { value, tensor: `proof of ${name}`, shape: [value] }]),
    ),
  };
  return checkGgufStructure(memoryReader({ 'x.gguf': bytes }), 'x.gguf', bytes.length, source);
}

const tokens = Array.from({ length: 96 }, (_, id) => `token ${id}`);
const METADATA = [
  ['general.architecture', 'llama'],
  ['llama.block_count', 2],
  ['llama.embedding_length', { u64: 32n }],
  ['tokenizer.ggml.tokens', tokens],
] as const;
const TENSORS = [
  { name: 'token_embd.weight', dimensions: [32, 96], type: 8, bytes: (32 * 96 * 34) / 32 },
  { name: 'blk.0.attn_norm.weight', dimensions: [32], bytes: 128 },
  { name: 'blk.1.attn_norm.weight', dimensions: [32], bytes: 128 },
];
const sound = (changes: GgufTestFile = {}) => ggufFile({ metadata: METADATA, tensors: TENSORS, ...changes });
const FACTS = { num_hidden_layers: 2, hidden_size: 32, vocab_size: 96 };

describe('checkGgufStructure', () => {
  it.each([2, 3])('finds a sound file of version %i sound', async (version) => {
    const result = await check(sound({ version }), FACTS);
    expect(result).toMatchObject({
      isOk: true,
      problems: [],
      architecture: 'llama',
      tensorCount: 3,
      parameterCount: 32 * 96 + 64,
    });
    expect(result.header?.metadata.get('tokenizer.ggml.tokens')).toEqual({ length: 96, first: tokens.slice(0, 4) });
  });

  it('accepts a checkpoint whose further-token layer was left out, and rows that were dropped', async () => {
    const result = await check(sound(), {
      num_hidden_layers: 3,
      extra_prediction_layers: 1,
      hidden_size: 32,
      vocab_size: 100,
    });
    expect(result.problems).toEqual([]);
  });

  it.each([
    ['another magic', Buffer.from('GGML................................'), /begins with "GGML"/],
    ['a tiny file', Buffer.from('GGUF'), /4 bytes/],
    ['an unknown version', sound({ version: 9 }), /version 9/],
    ['a cut header', sound().subarray(0, 200), /cut short/],
    [
      'cut data',
      sound().subarray(0, sound().length - 1),
      /blk\.1\.attn_norm\.weight ends at byte \d+, past the file's end/,
    ],
    ['no tensors', sound({ tensors: [], metadata: METADATA }), /no tensors/],
    ['no architecture', sound({ metadata: [] }), /general\.architecture/],
    ['a metadata key twice', sound({ metadata: [METADATA[0], METADATA[0]] }), /appears twice/],
    [
      'a tensor twice',
      sound({ tensors: [...TENSORS, { name: 'blk.1.attn_norm.weight', dimensions: [32], bytes: 128 }] }),
      /appears twice/,
    ],
    ['an unknown tensor type', sound({ tensors: [{ name: 'x', dimensions: [32], type: 99, bytes: 128 }] }), /type 99/],
    [
      'rows that are no whole blocks',
      sound({ tensors: [{ name: 'x', dimensions: [33], type: 8, bytes: 128 }] }),
      /blocks of 32/,
    ],
    [
      'overlapping tensors',
      sound({ tensors: [...TENSORS, { name: 'y', dimensions: [32], offset: 32, bytes: 128 }] }),
      /overlaps/,
    ],
    [
      'a tensor off its alignment',
      sound({ tensors: [...TENSORS, { name: 'y', dimensions: [32], offset: 8201, bytes: 128 }] }),
      /alignment/,
    ],
    [
      'a tensor larger than any file',
      sound({ tensors: [{ name: 'x', dimensions: [2 ** 40, 2 ** 40], bytes: 4 }] }),
      /larger than any file/,
    ],
    ['five dimensions', sound({ tensors: [{ name: 'x', dimensions: [1, 1, 1, 1, 1], bytes: 4 }] }), /5 dimensions/],
    [
      'more layers announced than stored',
      sound({ metadata: [METADATA[0], ['llama.block_count', 5]] }),
      /announces 5 layers, but tensors of 2/,
    ],
    [
      'another vocabulary than rows',
      sound({ metadata: [...METADATA.slice(0, 3), ['tokenizer.ggml.tokens', tokens.slice(1)]] }),
      /95 tokens, but token_embd\.weight has 96 rows/,
    ],
    ['an odd alignment', sound({ metadata: [...METADATA, ['general.alignment', 7]] }), /alignment 7/],
    ['an unknown metadata type', sound({ metadata: [['x', { raw: u32(77) }]] }), /type 77/],
    [
      'an unknown array type',
      sound({ metadata: [['x', { raw: Buffer.concat([u32(9), u32(77), u64(9)]) }]] }),
      /type 77/,
    ],
    [
      'endless arrays',
      sound({
        metadata: [
          ['x', { raw: Buffer.concat([u32(9), ...Array.from({ length: 9 }, () => Buffer.concat([u32(9), u64(1)]))]) }],
        ],
      }),
      /nested/,
    ],
    [
      'more tensors than any model',
      Buffer.concat([Buffer.from('GGUF'), u32(3), u64(2n ** 60n), u64(0)]),
      /1152921504606846976 tensors/,
    ],
    [
      'a string past the file',
      Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(1), u64(5000), text('x')]),
      /cut short/,
    ],
    [
      'a string past every limit',
      Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(1), u64(2n ** 40n), text('x')]),
      /bytes in one string/,
    ],
  ])('says what is wrong with %s', async (_what, bytes, expected) => {
    const result = await check(bytes);
    expect(result.isOk).toBe(false);
    expect(result.problems.join('\n')).toMatch(expected);
  });

  it.each([
    ['layers', { ...FACTS, num_hidden_layers: 4 }, /2 layers, the checkpoint 4/],
    ['width', { ...FACTS, hidden_size: 64 }, /32 wide, the checkpoint 64/],
    ['vocabulary', { ...FACTS, vocab_size: 64 }, /96 vocabulary rows, the checkpoint 64/],
  ])('notices that the %s did not arrive from the source', async (_what, facts, expected) => {
    expect((await check(sound(), facts)).problems.join()).toMatch(expected);
  });

  it('reads all scalar types, and long arrays without keeping them', async () => {
    const scalars = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12].map((type) => {
      const bytes = Buffer.alloc([1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8][type] ?? 0);
      return [`k${type}`, { raw: Buffer.concat([u32(type), bytes]) }] as const;
    });
    const long = { raw: Buffer.concat([u32(9), u32(4), u64(600_000), Buffer.alloc(2_400_000)]) };
    const nested = {
      raw: Buffer.concat([
        u32(9),
        u32(9),
        u64(6),
        ...Array.from({ length: 6 }, () => Buffer.concat([u32(0), u64(2), Buffer.alloc(2)])),
      ]),
    };
    const result = await check(sound({ metadata: [...METADATA, ...scalars, ['long', long], ['nested', nested]] }));
    expect(result.problems).toEqual([]);
    expect(result.header?.metadata.get('k7')).toBe(false);
    expect(result.header?.metadata.get('long')).toEqual({ length: 600_000, first: [0, 0, 0, 0] });
  });

  it('walks through a quarter million tokens in well under a second', async () => {
    const many = Array.from({ length: 256_000 }, (_, id) => `token${id}`);
    const bytes = sound({ metadata: [METADATA[0], METADATA[1], ['tokenizer.ggml.merges', many]] });
    const started = performance.now();
    expect((await check(bytes)).problems).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('lets errors of the reader through', async () => {
    const reader = { ...memoryReader({}), read: async () => Promise.reject(new Error('connection lost')) };
    await expect(checkGgufStructure(reader, 'x', 100)).rejects.toThrow('connection lost');
  });

  it('calls a file cut short when the reader gives less than its size', async () => {
    const reader = memoryReader({ x: sound().subarray(0, 100) });
    expect((await checkGgufStructure(reader, 'x', 5000)).problems[0]).toMatch(/cut short/);
  });
});
