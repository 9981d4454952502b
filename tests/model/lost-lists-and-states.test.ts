import { describe, expect, it } from 'vitest';
import { openConfig } from '../../lib/model/config-reader';
import { checkLayerLists } from '../../lib/model/layer-lists-check';
import { checkStateSpace } from '../../lib/model/state-space-check';
import { readTensorFacts } from '../../lib/model/tensor-facts';
import { assess } from '../support/assess';
import { LLAMA_CONFIG, llamaShapes } from '../support/llama-shapes';

function factsOf(shapes: Readonly<Record<string, readonly number[]>>) {
  return readTensorFacts(
    Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'BF16', begin: 0, end: 0, file: 'a' })),
  );
}

/** Codestral Mamba's layers, narrower: 16 heads, 8 groups of states of 32. */
const MAMBA2 = {
  'backbone.embeddings.weight': [300, 128],
  'backbone.norm_f.weight': [128],
  ...Object.fromEntries(
    [0, 1].flatMap((at) => [
      [`backbone.layers.${at}.mixer.A_log`, [16]],
      [`backbone.layers.${at}.mixer.conv1d.weight`, [256 + 2 * 8 * 32, 1, 4]],
      [`backbone.layers.${at}.mixer.out_proj.weight`, [128, 256]],
    ]),
  ),
};

describe("Mamba 2's sizes", () => {
  const right = { model_type: 'mamba2', hidden_size: 128, expand: 2, num_heads: 16, state_size: 32, n_groups: 8 };
  const check = (config: object) =>
    Object.fromEntries(
      checkStateSpace(factsOf(MAMBA2), openConfig(config as Record<string, unknown>)).map((verdict) => [
        verdict.field,
        [verdict.configured, verdict.actual],
      ]),
    );

  it('are those of the tensors', () => {
    expect(check(right)).toEqual({});
  });

  it('are not, or are not there', () => {
    expect(check({ ...right, state_size: 128, num_heads: 128 })).toEqual({
      num_heads: [128, 16],
      state_size: [128, 32],
    });
    const { expand: _expand, n_groups: _groups, ...rest } = right;
    expect(check(rest)).toEqual({ expand: [null, 2] });
  });

  it('prove nothing with groups that do not divide them, or in another class', () => {
    expect(check({ ...right, n_groups: 3 })).toEqual({});
    expect(check({ ...right, model_type: 'mamba', state_size: 1 })).toEqual({});
  });
});

describe('a list with an entry for each layer', () => {
  const layers = {
    'model.embed_tokens.weight': [300, 128],
    'model.layers.0.mamba.A_log': [8],
    'model.layers.1.self_attn.q_proj.weight': [128, 128],
    'model.layers.2.mamba.A_log': [8],
    'model.layers.3.self_attn.q_proj.weight': [128, 128],
  };
  const patch = (config: Record<string, unknown>, shapes: Record<string, readonly number[]> = layers) =>
    checkLayerLists(factsOf(shapes), openConfig(config)).patch;

  it('says what the layers are, or is put right', () => {
    const kinds = ['mamba', 'attention', 'mamba', 'attention'];
    expect(patch({ model_type: 'granitemoehybrid', layer_types: kinds })).toEqual({});
    expect(patch({ model_type: 'granitemoehybrid', layer_types: kinds.slice(1) })).toEqual({ layer_types: kinds });
    expect(patch({ model_type: 'bamba' })).toEqual({ attn_layer_indices: [1, 3] });
    expect(patch({ model_type: 'bamba', attn_layer_indices: [1, 3] })).toEqual({});
    expect(patch({ model_type: 'llama' })).toEqual({});
  });

  it('is left alone where a layer has both parts or neither', () => {
    const both = { ...layers, 'model.layers.1.mamba.A_log': [8] };
    expect(patch({ model_type: 'bamba', attn_layer_indices: [] }, both)).toEqual({});
  });

  it("counts each layer's key heads by their rows", () => {
    const shapes = { ...llamaShapes(), 'model.layers.2.self_attn.k_proj.weight': [128, 1024] };
    const config = { model_type: 'nemotron-nas', num_attention_heads: 16, num_key_value_heads_per_layer: [4, 4, 4, 4] };
    expect(patch(config, shapes)).toEqual({ num_key_value_heads_per_layer: [4, 4, 2, 4] });
    expect(patch({ ...config, num_key_value_heads_per_layer: undefined }, shapes)).toEqual({});
  });
});

describe('a size in a list', () => {
  const wrong = (changes: object) => assess({ ...LLAMA_CONFIG, ...changes }, llamaShapes()).patch;

  it('is none where no model has one for each layer, and is compared where one may', () => {
    expect(wrong({ hidden_size: [1024] })).toEqual({ hidden_size: 1024 });
    expect(wrong({ intermediate_size: [1536, 1536, 1536, 1536] })).toEqual({});
    expect(wrong({ intermediate_size: [8192, 8192, 8192, 8192] })).toEqual({ intermediate_size: 1536 });
    expect(wrong({ intermediate_size: [8192, 4096, 8192, 4096] })).toEqual({});
  });
});

describe('a class that only the converter knows', () => {
  const { intermediate_size: _size, num_key_value_heads: _heads, ...rest } = LLAMA_CONFIG;
  const raw = { ...rest, model_type: 'PanguEmbedded', architectures: ['PanguEmbeddedForCausalLM'] };

  it('gets its sizes and key heads back under their usual names', () => {
    expect(assess(raw, llamaShapes()).patch).toEqual({ intermediate_size: 1536, num_key_value_heads: 4 });
    const own = { ...raw, model_type: 'own', num_key_value_heads: 4 };
    expect(assess(own, llamaShapes()).patch).toEqual({});
  });
});

describe('a special token', () => {
  it('below zero stands for none', () => {
    const config = { ...LLAMA_CONFIG, pad_token_id: -1, bos_token_id: 1, eos_token_id: [2, 5] };
    expect(assess(config, llamaShapes()).patch).toEqual({ pad_token_id: null });
    expect(assess({ ...config, pad_token_id: null }, llamaShapes()).patch).toEqual({});
  });
});

describe('the class of a backbone', () => {
  it('over tensors that are saved with what stands on it is that of the whole', () => {
    const config = { ...LLAMA_CONFIG, architectures: ['LlamaModel'] };
    expect(assess(config, llamaShapes()).patch).toEqual({ architectures: 'LlamaForCausalLM' });
    const bare = Object.fromEntries(
      Object.entries(llamaShapes()).map(([name, shape]) => [name.replace(/^model\./, ''), shape]),
    );
    const { 'lm_head.weight': _output, ...backbone } = bare;
    expect(assess({ ...config, tie_word_embeddings: true }, backbone).patch).toEqual({});
  });
});
