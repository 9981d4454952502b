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

  const OWN = { model_type: 'own', architectures: ['BaichuanForCausalLM'] };

  it('is missed in a class that is not known by name where one layer alone lacks it', () => {
    expect(codes(llamaShapes(), OWN)).toEqual([]);
    expect(codes(without('model.norm.weight'), OWN)).toEqual(['blocks model-weights-missing']);
    expect(codes(without('model.layers.1.mlp.up_proj.weight'), OWN)).toEqual(['blocks model-weights-missing']);
    expect(codes(without('model.layers.1.input_layernorm.weight'), OWN)).toEqual(['blocks model-weights-missing']);
    // Two layers without it are a pattern, and something of its own may stand in for what a layer lacks.
    const two = without('model.layers.1.mlp.up_proj.weight', 'model.layers.3.mlp.up_proj.weight');
    expect(codes(two, OWN)).toEqual([]);
    const other = { ...without('model.layers.0.mlp.up_proj.weight'), 'model.layers.0.mlp.dense.weight': [4, 4] };
    expect(codes(other, OWN)).toEqual([]);
  });

  it('is missed when it is the embedding, in a class that is not known by name', () => {
    const blocks = Object.fromEntries(
      [0, 1, 2].flatMap((at) => [
        [`transformer.blocks.${at}.ffn.up.weight`, [64, 32]],
        [`transformer.blocks.${at}.norm.weight`, [32]],
      ]),
    );
    const own = { model_type: 'own', architectures: ['GrokForCausalLM'] };
    const lost = { code: 'model-weights-missing', message: expect.stringContaining('the embedding') };
    const positions = { 'transformer.position_embeddings.weight': [512, 32] };
    expect(assess(own, { ...blocks, ...positions }).findings).toContainEqual(expect.objectContaining(lost));
    for (const name of ['transformer.wte.weight', 'in_out_embed.weight', 'model.tok_embeddings.weight'])
      expect(assess(own, { ...blocks, [name]: [300, 32] }).findings).not.toContainEqual(expect.objectContaining(lost));
    const draft = { model_type: 'eagle3', architectures: ['Eagle3DraftModel'] };
    expect(assess(draft, blocks).findings).not.toContainEqual(expect.objectContaining(lost));
  });

  it.each([
    ['nemotron', 'NemotronForCausalLM', 'model.norm.bias'],
    ['starcoder2', 'Starcoder2ForCausalLM', 'model.norm.bias'],
  ])('is missed outside of the layers of %s', (modelType, architecture, lost) => {
    const norms = { 'input_layernorm.bias': [1024], 'post_attention_layernorm.bias': [1024] };
    const biases = Object.fromEntries(['q', 'k', 'v', 'o'].map((name) => [`self_attn.${name}_proj.bias`, [1024]]));
    const fc = { 'mlp.c_fc.weight': [1536, 1024], 'mlp.c_fc.bias': [1536] };
    const proj = { 'mlp.c_proj.weight': [1024, 1536], 'mlp.c_proj.bias': [1024] };
    const layer = modelType === 'nemotron' ? norms : { ...norms, ...biases, ...fc, ...proj };
    const unused = modelType === 'nemotron' ? /mlp\.gate_proj/ : /mlp\.(gate|up|down)_proj/;
    const shapes = Object.fromEntries(Object.entries(llamaShapes(layer)).filter(([name]) => !unused.test(name)));
    const config = { ...LLAMA_CONFIG, model_type: modelType, architectures: [architecture] };
    const find = (tensors: typeof shapes) =>
      assess(config, tensors).findings.filter(({ code }) => code.startsWith('model-'));
    expect(find({ ...shapes, [lost]: [1024] })).toEqual([]);
    expect(find(shapes)).toMatchObject([
      { code: 'model-weights-missing', evidence: [`not found: ${lost.slice('model.'.length)}`] },
    ]);
  });
});

describe('tensors that are not of one model', () => {
  const OWN = { model_type: 'own', architectures: ['BaichuanForCausalLM'] };

  it.each([
    ['a layer of half the rows', { 'model.layers.1.self_attn.q_proj.weight': [512, 1024] }],
    ['a layer of a wider model', { 'model.layers.3.input_layernorm.weight': [2048] }],
    ['an embedding of a narrower model', { 'model.embed_tokens.weight': [300, 512], 'model.norm.weight': [512] }],
    ['an output layer of another width', { 'lm_head.weight': [300, 512] }],
  ])('are refused: %s', (_what, odd) => {
    expect(codes({ ...llamaShapes(), ...odd })[0]).toBe('blocks model-weights-missing');
  });

  it('are refused in a class that is not known by name, where one layer alone differs', () => {
    const one = { 'model.layers.1.mlp.up_proj.weight': [768, 1024] };
    expect(codes({ ...llamaShapes(), ...one }, OWN)).toEqual(['blocks model-weights-missing']);
    expect(codes({ ...llamaShapes(), ...one, 'model.layers.2.mlp.up_proj.weight': [512, 1024] }, OWN)).toEqual([]);
  });
});

describe('tensors without a number in them', () => {
  it('were saved by one of several processes', () => {
    const [finding] = assess(LLAMA_CONFIG, { ...llamaShapes(), 'model.layers.2.mlp.up_proj.weight': [0] }).findings;
    expect(finding).toMatchObject({ code: 'model-weights-missing', tensor: 'model.layers.2.mlp.up_proj.weight' });
    expect(finding?.message).toContain('ZeRO-3');
  });
});

describe('names that no class has', () => {
  const renamed = (rename: (name: string) => string) =>
    Object.fromEntries(Object.entries(llamaShapes()).map(([name, shape]) => [rename(name), shape]));

  it.each([
    ['torch.compile', (name: string) => `_orig_mod.${name}`],
    ['torch.compile of each layer', (name: string) => name.replace('layers.', '_orig_mod.layers.')],
    ['DataParallel', (name: string) => `module.${name}`],
    ['FSDP', (name: string) => `_fsdp_wrapped_module.${name}`],
    ['FSDP inside of each layer', (name: string) => name.replace(/layers\.(\d)\./, 'layers.$1._fsdp_wrapped_module.')],
    ['two wrappers', (name: string) => `module._orig_mod.${name}`],
    ['a model inside another', (name: string) => `model.${name}`],
  ])('are those of a wrapper: %s', (_what, rename) => {
    expect(codes(renamed(rename))).toContain('blocks model-weights-missing');
  });

  it('are left alone where nothing explains them', () => {
    expect(codes(renamed((name) => `strange.${name}`))).toEqual([]);
  });

  it('are those of a value head', () => {
    expect(codes({ ...llamaShapes(), 'v_head.summary.weight': [1, 1024] })).toEqual(['blocks model-weights-missing']);
  });

  it('are those of an adapter whose layers were left wrapped', () => {
    const wrapped = renamed((name) => name.replace('q_proj.weight', 'q_proj.base_layer.weight'));
    expect(codes(wrapped)[0]).toBe('blocks model-is-adapter');
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
