import { describe, expect, it } from 'vitest';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { repairedReader } from '../../lib/model/repaired-reader';
import { assess } from '../support/assess';
import { LLAMA_CONFIG, llamaShapes } from '../support/llama-shapes';
import { type MemoryFiles, memoryReader } from '../support/memory-reader';
import { safetensorsFile } from '../support/safetensors-file';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';

function without(...names: string[]): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(llamaShapes()).filter(([name]) => !names.includes(name)));
}

const codes = (shapes: Record<string, readonly number[]>, changes = {}) =>
  assess({ ...LLAMA_CONFIG, ...changes }, shapes).findings.map(({ code, severity }) => `${severity} ${code}`);

describe('a tensor that the class must have', () => {
  it.each([
    ['model.layers.2.self_attn.k_proj.weight', 'self_attn.k_proj.weight of layer 2'],
    ['model.layers.0.input_layernorm.weight', 'input_layernorm.weight of layer 0'],
    ['model.norm.weight', 'the final norm'],
    ['model.embed_tokens.weight', 'the embedding'],
  ])('is missed when it is in no file: %s', (name, words) => {
    const [finding] = assess(LLAMA_CONFIG, without(name)).findings;
    expect(finding).toMatchObject({ code: 'model-weights-missing', severity: 'blocks' });
    expect(finding?.message).toContain(words);
  });

  it('is missed among experts', () => {
    const mixtral = {
      'block_sparse_moe.gate.weight': [2, 1024],
      ...Object.fromEntries(
        [0, 1].flatMap((at) =>
          ['w1', 'w2', 'w3'].map((w) => [
            `block_sparse_moe.experts.${at}.${w}.weight`,
            w === 'w2' ? [1024, 64] : [64, 1024],
          ]),
        ),
      ),
    };
    const shapes = Object.fromEntries(Object.entries(llamaShapes(mixtral)).filter(([name]) => !name.includes('.mlp.')));
    const changes = {
      model_type: 'mixtral',
      architectures: ['MixtralForCausalLM'],
      num_local_experts: 2,
      intermediate_size: 64,
      num_experts_per_tok: 2,
      sliding_window: null,
    };
    expect(codes(shapes, changes)).toEqual([]);
    const { 'model.layers.3.block_sparse_moe.experts.1.w3.weight': _gone, ...rest } = shapes;
    const [finding] = assess({ ...LLAMA_CONFIG, ...changes }, rest).findings;
    expect(finding?.message).toContain('block_sparse_moe.experts.*.w3.weight of layer 3, of 1 of 2 experts');
  });

  it('is not missed in classes that are not known by name', () => {
    expect(codes(without('model.norm.weight'), { model_type: 'own', architectures: ['BaichuanForCausalLM'] })).toEqual(
      [],
    );
  });
});

describe('the output layer', () => {
  it('of other rows than the embedding belongs to another model', () => {
    expect(codes({ ...llamaShapes(), 'lm_head.weight': [320, 1024] })).toEqual(['blocks model-weights-missing']);
  });

  it('that is gone although config.json says it is there is asked about', () => {
    const { undetermined, findings, patch } = assess(LLAMA_CONFIG, without('lm_head.weight'));
    expect(undetermined).toMatchObject([{ field: 'tie_word_embeddings', candidates: [true] }]);
    expect(findings.map(({ severity }) => severity)).toEqual(['blocks']);
    expect(patch).toEqual({});
  });

  it('may be a copy of a tied embedding', () => {
    expect(codes(llamaShapes(), { tie_word_embeddings: true })).toEqual([]);
  });
});

describe('an index that does not belong to the weights', () => {
  const llama = TINY_CHECKPOINTS['llama'] as TinyCheckpoint;
  const healthy = checkpointFiles(llama);
  const names = Object.keys(llama.tensors);
  const { 'model.safetensors': whole = '', ...companions } = healthy;
  const shard = (at: number, of: number) => `model-0000${at}-of-0000${of}.safetensors`;
  const index = (map: Record<string, string>) => ({
    'model.safetensors.index.json': JSON.stringify({ weight_map: map }),
  });
  const part = (from: number, to?: number) =>
    safetensorsFile(Object.fromEntries(names.slice(from, to).map((name) => [name, llama.tensors[name] ?? []])));
  const inOne = Object.fromEntries(names.map((name) => [name, 'model.safetensors']));

  it.each<[string, MemoryFiles]>([
    ['of an older upload', { ...healthy, ...index(Object.fromEntries(names.map((name) => [name, shard(1, 3)]))) }],
    [
      'of other shards than are there',
      {
        ...companions,
        [shard(1, 2)]: part(0, 9),
        [shard(2, 2)]: part(9),
        ...index(Object.fromEntries(names.map((name, at) => [name, shard((at % 3) + 1, 3)]))),
      },
    ],
    [
      'with a name too many',
      { ...healthy, ...index({ ...inOne, 'model.layers.0.extra.weight': 'model.safetensors' }) },
    ],
    ['that is no JSON', { ...healthy, 'model.safetensors.index.json': '{"weight_map": ' }],
  ])('is left out when they are whole without it: %s', async (_what, files) => {
    const options = { supportsArchitecture: () => true };
    const { blocking, repair } = await inspectCheckpoint(memoryReader(files), options);
    expect(blocking?.code).toBe('model-index-disagrees');
    expect(repair.files).toMatchObject([{ kind: 'leave-out', files: ['model.safetensors.index.json'] }]);
    const without = new Map([['model.safetensors.index.json', null]]);
    const repaired = await inspectCheckpoint(repairedReader(memoryReader(files), without), options);
    expect(repaired.blocking).toBeNull();
    expect(repaired.files).not.toContain('model.safetensors.index.json');
    expect(whole.length).toBeGreaterThan(0);
  });

  it('stays when a weight file is missing: then that is the fault', async () => {
    const files = {
      ...companions,
      [shard(1, 2)]: part(0, 9),
      ...index(Object.fromEntries(names.map((name, at) => [name, shard(at < 9 ? 1 : 2, 2)]))),
    };
    const { blocking, repair } = await inspectCheckpoint(memoryReader(files), { supportsArchitecture: () => true });
    expect(blocking?.code).toBe('model-weights-missing');
    expect(repair.files).toEqual([]);
  });
});

describe('an adapter under the name of a model', () => {
  it.each([
    [{ 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight': [4, 32] }, 'All 1 tensors'],
    [
      { ...llamaShapes(), 'model.layers.0.self_attn.q_proj.lora_A.default.weight': [4, 32] },
      'are named as PEFT names them',
    ],
    [
      Object.fromEntries(Object.entries(llamaShapes()).map(([name, shape]) => [`base_model.model.${name}`, shape])),
      'are named as PEFT names them',
    ],
  ])('is refused', (shapes, words) => {
    const finding = assess(LLAMA_CONFIG, shapes).findings.find(({ code }) => code === 'model-is-adapter');
    expect(finding?.message).toContain(words);
    expect(finding?.severity).toBe('blocks');
  });
});
