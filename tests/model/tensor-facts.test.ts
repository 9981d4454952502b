import { describe, expect, it } from 'vitest';
import { toModelFacts } from '../../lib/model/model-facts';
import { readTensorFacts } from '../../lib/model/tensor-facts';

type Shapes = Readonly<Record<string, readonly number[]>>;

function valuesOf(shapes: Shapes): Record<string, unknown> {
  const tensors = Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    dtype: name.endsWith('_blocks') ? 'U8' : 'BF16',
    begin: 0,
    end: 0,
    file: 'model.safetensors',
  }));
  return Object.fromEntries(
    Object.entries(toModelFacts(readTensorFacts(tensors))).map(([name, fact]) => [name, fact.value]),
  );
}

function layers(count: number, names: Shapes, prefix = 'model.layers.'): Shapes {
  const tensors: Record<string, readonly number[]> = {};
  for (let layer = 0; layer < count; layer += 1) {
    for (const [name, shape] of Object.entries(names)) tensors[`${prefix}${layer}.${name}`] = shape;
  }
  return tensors;
}

const ENDS = { 'model.embed_tokens.weight': [1000, 64], 'model.norm.weight': [64], 'lm_head.weight': [1000, 64] };
const ATTENTION = {
  'self_attn.q_proj.weight': [128, 64],
  'self_attn.k_proj.weight': [64, 64],
  'self_attn.v_proj.weight': [64, 64],
  'self_attn.o_proj.weight': [64, 128],
};

describe('facts', () => {
  it('of latent attention are all decided: heads from four products and one difference', () => {
    const deepseek = {
      'self_attn.q_a_proj.weight': [24, 64],
      'self_attn.q_b_proj.weight': [4 * (8 + 16), 24],
      'self_attn.kv_a_proj_with_mqa.weight': [16 + 8, 64],
      'self_attn.kv_a_layernorm.weight': [16],
      'self_attn.kv_b_proj.weight': [4 * (16 + 32), 16],
      'self_attn.o_proj.weight': [64, 4 * 32],
    };
    const experts = {
      'mlp.gate.weight': [6, 64],
      'mlp.experts.0.gate_proj.weight': [40, 64],
      'mlp.shared_experts.gate_proj.weight': [80, 64],
    };
    const facts = valuesOf({
      ...ENDS,
      ...layers(3, deepseek),
      'model.layers.0.mlp.gate_proj.weight': [200, 64],
      ...Object.fromEntries(Object.entries(layers(3, experts)).filter(([name]) => !name.includes('.0.mlp'))),
    });
    expect(facts).toMatchObject({
      numHiddenLayers: 3,
      qLoraRank: 24,
      kvLoraRank: 16,
      numAttentionHeads: 4,
      intermediateSize: 200,
      moeIntermediateSize: 40,
      sharedExpertIntermediateSize: 80,
      numExperts: 6,
      attentionBias: false,
    });
    expect(facts['headDim']).toBeUndefined();
  });

  it('of heads are proven by a norm of one head, also with a single key head, and not by one over all heads', () => {
    const norms = (query: number[], key: number[]) => ({
      ...ATTENTION,
      'self_attn.q_norm.weight': query,
      'self_attn.k_norm.weight': key,
    });
    const heads = (names: Shapes) => {
      const facts = valuesOf({ ...ENDS, ...layers(2, names) });
      return [facts['numAttentionHeads'], facts['numKeyValueHeads'], facts['headDim']];
    };
    expect(heads(norms([32], [32]))).toEqual([4, 2, 32]);
    expect(heads(norms([64], [64]))).toEqual([2, 1, 64]);
    expect(heads(norms([128], [64]))).toEqual([undefined, undefined, undefined]);
    expect(heads({ ...norms([128], [128]), 'self_attn.k_proj.weight': [128, 64] })).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(heads({ ...ATTENTION, 'self_attn.sinks': [8] })).toEqual([8, 4, 16]);
    expect(heads(ATTENTION)).toEqual([undefined, undefined, undefined]);
  });

  it('say nothing of heads where queries carry a gate', () => {
    const gated = { ...ATTENTION, 'self_attn.q_proj.weight': [256, 64], 'self_attn.q_norm.weight': [32] };
    expect(valuesOf({ ...ENDS, ...layers(2, gated) })['headDim']).toBeUndefined();
  });

  it.each([
    ['[experts, ffn, hidden], as in Qwen', [4, 2 * 24, 64], [4, 64, 24]],
    ['[experts, hidden, ffn], as in gpt-oss', [4, 64, 2 * 24], [4, 24, 64]],
  ])('of stacked experts are read in either order: %s', (_order, gateUp, down) => {
    const stacked = { 'mlp.experts.gate_up_proj': gateUp, 'mlp.experts.down_proj': down };
    expect(valuesOf({ ...ENDS, ...layers(2, { ...ATTENTION, ...stacked }) })).toMatchObject({
      numExperts: 4,
      moeIntermediateSize: 24,
    });
  });

  it('of experts in blocks of four bits come from their biases', () => {
    const packed = {
      'mlp.router.weight': [4, 64],
      'mlp.experts.gate_up_proj_blocks': [4, 48, 2, 16],
      'mlp.experts.gate_up_proj_bias': [4, 48],
    };
    expect(valuesOf({ ...ENDS, ...layers(2, { ...ATTENTION, ...packed }) })).toMatchObject({
      numExperts: 4,
      moeIntermediateSize: 24,
      intermediateSize: 24,
    });
  });

  it('count experts that no router tells of', () => {
    const names = Object.fromEntries([0, 1, 2].map((at) => [`mlp.experts.${at}.gate_proj.weight`, [24, 64]]));
    expect(valuesOf({ ...ENDS, ...layers(2, names) })['numExperts']).toBe(3);
  });

  it('leave layers that predict further tokens out of the count', () => {
    const facts = valuesOf({ ...ENDS, ...layers(3, ATTENTION), 'model.layers.2.eh_proj.weight': [64, 128] });
    expect(facts['numHiddenLayers']).toBe(2);
  });

  it('of one key head for all queries prove the head size (GPT-BigCode)', () => {
    const block = {
      'attn.c_attn.weight': [64 + 2 * 16, 64],
      'attn.c_attn.bias': [64 + 2 * 16],
      'attn.c_proj.bias': [64],
      'mlp.c_fc.bias': [256],
    };
    const ends = {
      'transformer.wte.weight': [1000, 64],
      'transformer.wpe.weight': [128, 64],
      'transformer.ln_f.weight': [64],
    };
    expect(valuesOf({ ...ends, ...layers(2, block, 'transformer.h.') })).toMatchObject({
      numAttentionHeads: 4,
      numKeyValueHeads: 1,
      headDim: 16,
      maxPositionEmbeddings: 128,
      intermediateSize: 256,
      tieWordEmbeddings: true,
    });
  });

  it('tell biases by their being there', () => {
    const biased = { ...ATTENTION, 'self_attn.k_proj.bias': [64], 'mlp.down_proj.weight': [64, 100] };
    expect(valuesOf({ ...ENDS, ...layers(1, biased) })).toMatchObject({ attentionBias: true, mlpBias: false });
  });

  it('of BERT include learned positions and token types', () => {
    const facts = valuesOf({
      'bert.embeddings.word_embeddings.weight': [1000, 64],
      'bert.embeddings.position_embeddings.weight': [512, 64],
      'bert.embeddings.token_type_embeddings.weight': [2, 64],
      ...layers(2, { 'intermediate.dense.weight': [256, 64] }, 'bert.encoder.layer.'),
    });
    expect(facts).toEqual({
      numHiddenLayers: 2,
      hiddenSize: 64,
      vocabSize: 1000,
      intermediateSize: 256,
      maxPositionEmbeddings: 512,
      typeVocabSize: 2,
    });
  });
});
