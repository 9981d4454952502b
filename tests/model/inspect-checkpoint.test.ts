import { describe, expect, it } from 'vitest';
import { patchConfigText } from '../../lib/model/config-text-patch';
import { type CheckpointInspection, inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { repairedReader, repairFiles } from '../../lib/model/repaired-reader';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { type MemoryFiles, memoryReader } from '../support/memory-reader';
import { safetensorsFile, type TestTensors } from '../support/safetensors-file';
import {
  checkpointFiles,
  TINY_CHECKPOINTS,
  type TinyCheckpoint,
  tinySentencePiece,
  tinyTokenizer,
} from '../support/tiny-checkpoints';
import { wideCheckpoint } from '../support/wide-checkpoint';

function inspect(files: MemoryFiles, configPatch?: Record<string, number | string>): Promise<CheckpointInspection> {
  return inspectCheckpoint(memoryReader(files), {
    supportsArchitecture: supportsTextArchitecture,
    ...(configPatch ? { configPatch } : {}),
  });
}

const llama = TINY_CHECKPOINTS['llama'] as TinyCheckpoint;
const takeNothing = () => Promise.reject(new Error('nothing is taken'));

/** config.json with one field changed, wherever the family nests it. */
function damaged(checkpoint: TinyCheckpoint, key: string, value: number): MemoryFiles {
  return {
    ...checkpointFiles(checkpoint),
    'config.json': patchConfigText(JSON.stringify(checkpoint.config), { [key]: value }),
  };
}

describe.each(Object.entries(TINY_CHECKPOINTS))('a %s checkpoint', (_name, checkpoint) => {
  it('passes without a finding that blocks or a contradiction when it is healthy', async () => {
    const result = await inspect(checkpointFiles(checkpoint));
    expect(result.blocking).toBeNull();
    expect(result.inspection.contradictions).toEqual([]);
    expect(result.repair.patch).toEqual({});
    expect(result.inspection.facts['num_hidden_layers']?.value).toBe(3);
    expect(result.inspection.facts['hidden_size']?.value).toBe(32);
    expect(result.inspection.facts['vocab_size']?.value).toBe(96);
  });

  it.each(['layers', 'hidden', 'vocabulary'] as const)(
    'is stopped when config.json is wrong about %s, with the right number proposed',
    async (what) => {
      const key = checkpoint.keys[what];
      const result = await inspect(damaged(checkpoint, key, 1000));
      expect(result.blocking?.code).toBe('model-config-contradicts-tensors');
      const wrong = result.inspection.contradictions.find((entry) => entry.field === key);
      expect(wrong?.configured).toBe(1000);
      expect(wrong?.message).toMatch(/config\.json says 1000, tensor \S+ \[[\d, ]+\] says \d+/);
      const repaired = patchConfigText(String(damaged(checkpoint, key, 1000)['config.json']), result.repair.patch);
      const again = await inspect({ ...checkpointFiles(checkpoint), 'config.json': repaired });
      expect(again.blocking).toBeNull();
    },
  );
});

describe('the feed-forward size', () => {
  const proven = Object.entries(TINY_CHECKPOINTS).filter(([name]) => name !== 'qwen3Moe');
  it.each(proven)('of a %s checkpoint is checked', async (_name, checkpoint) => {
    const key = checkpoint.keys.feedForward;
    const result = await inspect(damaged(checkpoint, key, 1000));
    expect(result.inspection.contradictions.map((entry) => entry.field)).toEqual([key]);
  });

  it('of experts is checked under its own name', async () => {
    const moe = TINY_CHECKPOINTS['qwen3Moe'] as TinyCheckpoint;
    const result = await inspect(damaged(moe, 'moe_intermediate_size', 99));
    expect(result.repair.patch).toEqual({ moe_intermediate_size: 24 });
  });

  it('is not judged when the layers differ in it: such weights are not of one model', async () => {
    const tensors = { ...llama.tensors, 'model.layers.1.mlp.gate_proj.weight': [64, 32] };
    const result = await inspect({ ...checkpointFiles(llama), 'model.safetensors': safetensorsFile(tensors) });
    expect(result.inspection.facts['intermediate_size']).toBeUndefined();
    expect(result.blocking).toMatchObject({ code: 'model-weights-missing' });
    expect(result.blocking?.message).toContain('model.layers.1.mlp.gate_proj.weight BF16 [64, 32]');
  });
});

describe("a config.json with Python's numbers", () => {
  it('is read, and judged after a repair as the repaired text will be', async () => {
    const config = { ...llama.config, time_step_limit: [0, 'INFINITY'], vocab_size: 5 };
    const text = JSON.stringify(config).replace('"INFINITY"', 'Infinity');
    const files = { ...checkpointFiles(llama), 'config.json': text };
    const { repair } = await inspect(files);
    expect(repair.patch).toEqual({ vocab_size: 96 });
    expect((await inspect(files, { vocab_size: 96 })).blocking).toBeNull();
    expect((await inspect(files, { vocab_size: 97 })).blocking?.code).toBe('model-config-contradicts-tensors');
  });

  it('is contradicted by the tensors where a size is one of them', async () => {
    const text = JSON.stringify({ ...llama.config, vocab_size: 5 }).replace(':5', ':Infinity');
    const result = await inspect({ ...checkpointFiles(llama), 'config.json': text });
    expect(result.inspection.contradictions[0]?.configured).toBe('Infinity');
    expect(result.repair.patch).toEqual({ vocab_size: 96 });
  });

  it('nested as no config is stops the job before anything walks into it', async () => {
    const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    const text = JSON.stringify({ ...llama.config, vocab_size: 5 }).replace('{', `{"deep":${deep},`);
    const found = await inspect({ ...checkpointFiles(llama), 'config.json': text });
    expect(found.blocking?.message).toContain('more than 100 deep');
    expect(found.repair.patch).toEqual({});
  });
});

describe('a config.json that lost its fields', () => {
  const stripped = { ...checkpointFiles(llama), 'config.json': '{"model_type":"llama"}' };

  it('is stopped, because the converter would fill in the numbers of another model', async () => {
    const result = await inspect(stripped);
    expect(result.blocking).not.toBeNull();
    expect(result.repair.patch).toMatchObject({
      architectures: 'LlamaForCausalLM',
      num_hidden_layers: 3,
      hidden_size: 32,
      vocab_size: 96,
      intermediate_size: 80,
    });
  });

  it('stays stopped after the repair while nothing proves the number of heads', async () => {
    const { patch } = (await inspect(stripped)).repair;
    const result = await inspect(stripped, patch as Record<string, number>);
    expect(result.blocking?.code).toBe('model-config-missing');
    expect(result.blocking?.message).toContain('num_attention_heads');
    const withHeads = await inspect(stripped, {
      ...(patch as Record<string, number>),
      num_attention_heads: 4,
      num_key_value_heads: 2,
      rope_theta: 10000,
      rms_norm_eps: 1e-5,
      max_position_embeddings: 256,
    });
    expect(withHeads.blocking).toBeNull();
    expect(withHeads.inspection.contradictions.length).toBeGreaterThan(3);
  });

  it('passes where the class default is the right number', async () => {
    const { num_hidden_layers: _layers, ...rest } = llama.config;
    const tensors: Record<string, readonly number[]> = {
      'model.embed_tokens.weight': [96, 32],
      'model.norm.weight': [32],
      'lm_head.weight': [96, 32],
    };
    for (let layer = 0; layer < 32; layer += 1) tensors[`model.layers.${layer}.mlp.gate_proj.weight`] = [80, 32];
    const result = await inspect({
      ...checkpointFiles(llama),
      'config.json': JSON.stringify(rest),
      'model.safetensors': safetensorsFile(tensors),
    });
    expect(result.blocking).toBeNull();
  });
});

describe('attention heads', () => {
  const wide = wideCheckpoint();

  it('get their key/value number back when it is missing and the query side agrees', async () => {
    const { num_key_value_heads: _kv, ...rest } = llama.config;
    const result = await inspect({ ...checkpointFiles(llama), 'config.json': JSON.stringify(rest) });
    expect(result.repair.patch).toEqual({ num_key_value_heads: 2 });
  });

  it('are corrected where a norm proves the head size', async () => {
    const qwen3 = TINY_CHECKPOINTS['qwen3'] as TinyCheckpoint;
    const result = await inspect(checkpointFiles(qwen3, { num_attention_heads: 8, head_dim: 32 }));
    expect(result.repair.patch).toEqual({ head_dim: 16, num_attention_heads: 4 });
  });

  it('outvote a head size that they contradict', async () => {
    const result = await inspect(checkpointFiles(llama, { head_dim: 12 }));
    expect(result.repair.patch).toEqual({ head_dim: 8 });
  });

  it('stop the job without a guess when nothing decides between them, with all that would fit', async () => {
    const result = await inspect(checkpointFiles(wide, { num_attention_heads: 16, num_key_value_heads: 2 }));
    expect(result.repair.patch).toEqual({});
    expect(result.blocking?.code).toBe('model-config-missing');
    expect(result.repair.undetermined.map(({ field, candidates }) => [field, candidates])).toEqual([
      ['num_attention_heads', [8, 16, 4, 32]],
      ['num_key_value_heads', [2, 4, 1, 8]],
      ['head_dim', [128, 64, 256, 32]],
    ]);
  });

  it('missing from config.json are restored where a norm proves the head size', async () => {
    const { num_attention_heads: _heads, ...rest } = (TINY_CHECKPOINTS['qwen3'] as TinyCheckpoint).config;
    const result = await inspect({
      ...checkpointFiles(TINY_CHECKPOINTS['qwen3'] as TinyCheckpoint),
      'config.json': JSON.stringify(rest),
    });
    expect(result.repair.patch).toEqual({ num_attention_heads: 4 });
  });

  it('of a fused projection are checked too', async () => {
    const result = await inspect(
      checkpointFiles(TINY_CHECKPOINTS['phi3'] as TinyCheckpoint, { num_key_value_heads: 4 }),
    );
    expect(result.repair.patch).toEqual({ num_key_value_heads: 2 });
  });
});

describe('weights in several files', () => {
  const names = Object.keys(llama.tensors);
  const half = (from: number, to?: number) =>
    Object.fromEntries(names.slice(from, to).map((name) => [name, llama.tensors[name] as readonly number[]]));
  const first = 'model-00001-of-00002.safetensors';
  const second = 'model-00002-of-00002.safetensors';
  const weightMap = Object.fromEntries(names.map((name, at) => [name, at < 5 ? first : second]));
  const { 'model.safetensors': _single, ...companions } = checkpointFiles(llama);
  const sharded = {
    ...companions,
    'model.safetensors.index.json': JSON.stringify({ metadata: {}, weight_map: weightMap }),
    [first]: safetensorsFile(half(0, 5)),
    [second]: safetensorsFile(half(5)),
  };

  it('are read as one', async () => {
    const result = await inspect(sharded);
    expect(result.blocking).toBeNull();
    expect(result.inspection.tensorCount).toBe(names.length);
    expect(result.dtype).toBe('BF16');
    expect(result.files).toContain('model.safetensors.index.json');
  });

  it('are refused when one is missing, by name', async () => {
    const { [second]: _gone, ...rest } = sharded;
    const result = await inspect(rest);
    expect(result.blocking).toMatchObject({ code: 'model-weights-missing', evidence: [`not found: ${second}`] });
  });

  it('are refused when the index lists other tensors than they hold', async () => {
    const map = { ...weightMap, 'model.layers.9.extra.weight': second };
    const result = await inspect({ ...sharded, 'model.safetensors.index.json': JSON.stringify({ weight_map: map }) });
    expect(result.blocking?.code).toBe('model-index-disagrees');
    expect(result.blocking?.evidence[0]).toContain('model.layers.9.extra.weight');
  });

  it('are refused when an old index lies beside one whole file, because the converter would follow it', async () => {
    const result = await inspect({
      ...checkpointFiles(llama),
      'model.safetensors.index.json': JSON.stringify({ weight_map: weightMap }),
    });
    expect(result.blocking).toMatchObject({
      code: 'model-index-disagrees',
      evidence: [`not found: ${first}`, `not found: ${second}`],
    });
  });

  it('are refused when the index points out of the folder', async () => {
    const result = await inspect({
      ...sharded,
      'model.safetensors.index.json': JSON.stringify({ weight_map: { a: '../x.safetensors' } }),
    });
    expect(result.blocking?.code).toBe('model-index-disagrees');
  });

  it('are refused when a layer has no tensors', async () => {
    const without = Object.fromEntries(
      Object.entries(llama.tensors).filter(([name]) => !name.startsWith('model.layers.1.')),
    );
    const result = await inspect({ ...checkpointFiles(llama), 'model.safetensors': safetensorsFile(without) });
    expect(result.blocking).toMatchObject({ code: 'model-weights-missing', evidence: ['no tensor of layer 1'] });
  });

  it('with the same tensor twice are reported', async () => {
    const result = await inspect({
      ...checkpointFiles(llama),
      'model.safetensors': new Uint8Array(),
      [first]: sharded[first] ?? '',
      [second]: safetensorsFile(llama.tensors),
      'config.json': JSON.stringify(llama.config),
    });
    expect(result.blocking?.code).toBe('model-file-truncated');
    const { 'model.safetensors': _empty, ...rest } = checkpointFiles(llama);
    const doubled = await inspect({ ...rest, [first]: sharded[first] ?? '', [second]: safetensorsFile(llama.tensors) });
    expect(doubled.inspection.findings.find((finding) => finding.code === 'shards-duplicated')?.severity).toBe(
      'damages',
    );
  });
});

describe('what cannot be converted', () => {
  it.each([
    ['no config.json', { 'config.json': undefined }, 'model-config-missing'],
    ['a config.json that is a list', { 'config.json': '[]' }, 'model-config-missing'],
    ['a config.json that is cut', { 'config.json': '{"model_type": "lla' }, 'model-config-missing'],
    [
      'a config.json that is a pointer',
      { 'config.json': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n' },
      'model-lfs-pointer',
    ],
    ['no tokenizer', { 'tokenizer.json': undefined }, 'model-tokenizer-missing'],
    ['a vocabulary without merges', { 'tokenizer.json': undefined, 'vocab.json': '{}' }, 'model-tokenizer-missing'],
    ['an empty tokenizer', { 'tokenizer.json': '' }, 'model-tokenizer-missing'],
    ['a tokenizer larger than the embedding', { 'tokenizer.json': tinyTokenizer(97) }, 'model-tokenizer-mismatch'],
    ['added tokens past the embedding', { 'added_tokens.json': '{"<extra>": 96}' }, 'model-tokenizer-mismatch'],
    [
      'an unknown architecture',
      { 'config.json': JSON.stringify({ ...llama.config, architectures: ['Nobody'] }) },
      'model-unsupported-architecture',
    ],
    [
      'no architecture',
      { 'config.json': JSON.stringify({ ...llama.config, architectures: [], model_type: 'own' }) },
      'model-unsupported-architecture',
    ],
    ['bitsandbytes', quantizedLlama({ quant_method: 'bitsandbytes' }), 'model-already-quantized'],
    ['bitsandbytes without a method', quantizedLlama({ load_in_4bit: true }), 'model-already-quantized'],
    ['awq', quantizedLlama({ quant_method: 'awq' }), 'model-already-quantized'],
    ['3-bit gptq', quantizedLlama({ quant_method: 'gptq', bits: 3 }), 'model-already-quantized'],
    [
      'an odd compressed format',
      quantizedLlama({ quant_method: 'compressed-tensors', format: 'marlin-24' }),
      'model-already-quantized',
    ],
    [
      'MLX',
      { 'config.json': JSON.stringify({ ...llama.config, quantization: { bits: 4, group_size: 64 } }) },
      'model-already-quantized',
    ],
    [
      'lost quantization_config',
      { 'model.safetensors': safetensorsFile({ ...llama.tensors, 'model.layers.0.mlp.gate_proj.weight.absmax': [4] }) },
      'model-already-quantized',
    ],
    [
      'a pointer instead of weights',
      { 'model.safetensors': 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n' },
      'model-lfs-pointer',
    ],
  ] as const)('%s is named', async (_what, change, code) => {
    const files: Record<string, string | Uint8Array> = { ...checkpointFiles(llama) };
    for (const [name, content] of Object.entries(change)) {
      if (content === undefined) delete files[name];
      else files[name] = content;
    }
    const result = await inspect(files);
    expect(result.blocking?.code).toBe(code);
    expect(result.blocking?.message.length).toBeGreaterThan(20);
    expect(result.blocking?.remedy.length).toBeGreaterThan(10);
  });

  it('mxfp4 weights pass in gpt-oss only', async () => {
    const quantization = { quantization_config: { quant_method: 'mxfp4' } };
    const blocks = quantizedLlama(quantization.quantization_config);
    expect((await inspect({ ...checkpointFiles(llama), ...blocks })).blocking?.code).toBe('model-already-quantized');
    const gptOss = checkpointFiles(llama, { ...quantization, architectures: ['GptOssForCausalLM'], model_type: 'own' });
    expect((await inspect(gptOss)).blocking).toBeNull();
  });

  it.each(['fp8', 'modelopt', 'bitnet'])('%s weights pass, the converter reads them', async (method) => {
    const result = await inspect(checkpointFiles(llama, { quantization_config: { quant_method: method } }));
    expect(result.blocking).toBeNull();
  });

  it('an error of the reader itself is not taken for a fault of the model', async () => {
    const reader = memoryReader(checkpointFiles(llama));
    const broken = { ...reader, read: async () => Promise.reject(new Error('connection lost')) };
    await expect(inspectCheckpoint(broken, { supportsArchitecture: () => true })).rejects.toThrow('connection lost');
  });
});

/** Files of a Llama whose first projection is packed into bytes. */
function quantizedLlama(quantization: Readonly<Record<string, unknown>>): Record<string, string | Uint8Array> {
  const packed: TestTensors = {
    ...llama.tensors,
    'model.layers.0.mlp.gate_proj.weight': { dtype: 'U8', shape: [80 * 16, 1] },
  };
  return {
    'config.json': JSON.stringify({ ...llama.config, quantization_config: quantization }),
    'model.safetensors': safetensorsFile(packed),
  };
}

describe('a quantization_config that was left behind', () => {
  it.each([
    [{ quant_method: 'bitsandbytes', load_in_4bit: true }],
    [{ load_in_8bit: true }],
    [{ quant_method: 'awq', bits: 4 }],
    [{ quant_method: 'gptq', bits: 3 }],
  ])('over whole weights is taken out: %o', async (quantization) => {
    const files = checkpointFiles(llama, { quantization_config: quantization });
    const { blocking, repair } = await inspect(files);
    expect(blocking?.code).toBe('model-config-contradicts-tensors');
    expect(repair).toMatchObject({ patch: {}, files: [{ kind: 'remove-field', field: 'quantization_config' }] });
    const reader = memoryReader(files);
    const repaired = await repairFiles(reader, { configPatch: {}, fileRepairs: repair.files }, takeNothing);
    const after = await inspectCheckpoint(repairedReader(reader, repaired), { supportsArchitecture: () => true });
    expect(after.blocking).toBeNull();
    const text = new TextDecoder().decode(repaired.get('config.json') ?? new Uint8Array());
    expect(JSON.parse(text)).toEqual({ ...llama.config });
  });
});

describe('notes', () => {
  it('are given for remote code, a vision part and tied embeddings, and stop nothing', async () => {
    const config = { auto_map: { AutoModel: 'own--modeling.Own' }, vision_config: {}, tie_word_embeddings: undefined };
    const qwen2 = TINY_CHECKPOINTS['qwen2'] as TinyCheckpoint;
    const result = await inspect({ ...checkpointFiles(qwen2, config), 'other.safetensors': new Uint8Array(3) });
    expect(result.blocking).toBeNull();
    expect(result.inspection.findings.map((finding) => finding.code).sort()).toEqual([
      'heads-not-proven',
      'remote-code-ignored',
      'shards-duplicated',
      'tied-embeddings',
      'values-not-checked',
      'vision-tower',
    ]);
    expect(result.repair.patch).toEqual({ tie_word_embeddings: true });
  });

  it('tokens past the embedding are no fault beside a SentencePiece model, as in Gemma 3', async () => {
    const result = await inspect({
      ...checkpointFiles(llama),
      'tokenizer.json': tinyTokenizer(97),
      'tokenizer.model': tinySentencePiece(96),
    });
    expect(result.blocking).toBeNull();
  });

  it('Infinity in config.json is read, as Python writes it', async () => {
    const text = JSON.stringify({ ...llama.config, limit: 'INF' }).replace('"INF"', '[0.0, Infinity, -Infinity, NaN]');
    const result = await inspect({ ...checkpointFiles(llama), 'config.json': text });
    expect(result.blocking).toBeNull();
  });

  it('an unknown naming of tensors yields no fact and no alarm', async () => {
    const result = await inspect({
      ...checkpointFiles(llama),
      'model.safetensors': safetensorsFile({ 'a.b': [3, 4], scalar: [] }),
    });
    expect(result.inspection.facts).toEqual({});
    expect(result.blocking).toBeNull();
    expect(result.parameterCount).toBe(13);
  });
});
