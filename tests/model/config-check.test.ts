import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../lib/model/config-check';
import { openConfig } from '../../lib/model/config-reader';
import { readTensorFacts, type TensorFacts } from '../../lib/model/tensor-facts';

function factsOf(shapes: Readonly<Record<string, readonly number[]>>): TensorFacts {
  return readTensorFacts(
    Object.entries(shapes).map(([name, shape]) => ({
      name,
      shape,
      dtype: 'BF16',
      begin: 0,
      end: 0,
      file: 'model.safetensors',
    })),
  );
}

const SHAPES = {
  'model.embed_tokens.weight': [100352, 5120],
  'model.norm.weight': [5120],
  'lm_head.weight': [100352, 5120],
  'model.layers.0.self_attn.qkv_proj.weight': [7680, 5120],
  'model.layers.0.self_attn.o_proj.weight': [5120, 5120],
  'model.layers.0.mlp.gate_up_proj.weight': [35840, 5120],
};
const facts = factsOf(SHAPES);
const check = (config: Record<string, unknown>, of = facts) => checkConfig(of, openConfig(config), false);
const fields = (config: Record<string, unknown>, of = facts) => check(config, of).map((entry) => entry.field);

const PHI4 = {
  model_type: 'phi3',
  num_hidden_layers: 1,
  hidden_size: 5120,
  vocab_size: 100352,
  intermediate_size: 17920,
  num_attention_heads: 40,
  num_key_value_heads: 10,
};

describe('checkConfig', () => {
  it('says field, number, tensor and shape, as for a Phi-4 whose config.json became that of Phi-3', () => {
    const verdicts = check({ ...PHI4, hidden_size: 3072, intermediate_size: 8192 });
    expect(verdicts.map((entry) => entry.message)).toEqual([
      'hidden_size: config.json says 3072, tensor model.embed_tokens.weight [100352, 5120] says 5120 (hidden size)',
      'intermediate_size: config.json says 8192, tensor model.layers.0.mlp.gate_up_proj.weight [35840, 5120] says 17920 (feed-forward size)',
    ]);
  });

  it('accepts the right numbers, whatever phi3 says about head_dim, which it ignores', () => {
    expect(fields(PHI4)).toEqual([]);
    expect(fields({ ...PHI4, head_dim: 999 })).toEqual([]);
  });

  it('calls a number written as text, and a truth value, wrong', () => {
    expect(fields({ ...PHI4, hidden_size: '5120', vocab_size: true })).toEqual(['hidden_size', 'vocab_size']);
    expect(fields({ ...PHI4, hidden_size: { nested: 1 } })).toEqual(['hidden_size']);
  });

  it('leaves a value per layer and computed sizes alone', () => {
    expect(fields({ ...PHI4, intermediate_size: [1, 2] })).toEqual([]);
    expect(fields({ ...PHI4, intermediate_size: 1, block_auto_adjust_ff_dim: true })).toEqual([]);
  });

  it('knows vocabularies that are padded by rule', () => {
    const padded = factsOf({ ...SHAPES, 'model.embed_tokens.weight': [50280, 5120] });
    const config = { ...PHI4, vocab_size: 50277 };
    expect(fields({ ...config, pad_vocab_size_multiple: 8 }, padded)).toEqual([]);
    expect(fields({ ...config, pad_vocab_size_multiple: 16 }, padded)).toEqual(['vocab_size']);
    expect(fields({ ...config, padded_vocab_size: 50280 }, padded)).toEqual([]);
  });

  it('says nothing about absent fields of a type whose defaults are unknown', () => {
    expect(fields({ model_type: 'brand_new' })).toEqual([]);
    expect(fields({})).toEqual([]);
  });
});

describe('readTensorFacts', () => {
  it('claims no hidden size from an embedding that is narrower than the model', () => {
    expect(factsOf({ ...SHAPES, 'model.norm.weight': [1024] }).facts.hidden_size).toBeUndefined();
  });

  it('finds nothing without an embedding, or in one that is no matrix', () => {
    const { 'model.embed_tokens.weight': _embedding, ...rest } = SHAPES;
    expect(factsOf(rest).family).toBeNull();
    expect(factsOf({ ...rest, 'model.embed_tokens.weight': [5120] }).family).toBeNull();
    expect(factsOf({}).facts).toEqual({});
  });

  it('takes the language model and not the vision tower beside it', () => {
    const tower = Object.fromEntries(
      Array.from({ length: 40 }, (_, layer) => [`model.visual.layers.${layer}.mlp.fc1.weight`, [8, 8]]),
    );
    const moved = Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => [name.replace('model.', 'model.language_model.'), shape]),
    );
    expect(factsOf({ ...tower, ...moved }).facts.num_hidden_layers?.value).toBe(1);
  });
});
