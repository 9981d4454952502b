import { describe, expect, it } from 'vitest';
import { openConfig } from '../../lib/model/config-reader';
import { checkLayerKinds } from '../../lib/model/layer-kinds-check';
import { readTensorFacts } from '../../lib/model/tensor-facts';

/** Which fields are wrong, where these of 12 layers have the part. */
function check(config: Readonly<Record<string, unknown>>, part: string, having: readonly number[]) {
  const tensor = (name: string, shape: readonly number[]) => {
    return { name, shape, dtype: 'BF16', begin: 0, end: 0, file: 'model.safetensors' };
  };
  const tensors = [
    tensor('model.embed_tokens.weight', [96, 32]),
    ...Array.from({ length: 12 }, (_, at) => tensor(`model.layers.${at}.input_layernorm.weight`, [32])),
    ...having.map((at) => tensor(`model.layers.${at}.${part}`, [32, 32])),
  ];
  const verdicts = checkLayerKinds(readTensorFacts(tensors), openConfig(config));
  return Object.fromEntries(verdicts.map(({ field, actual }) => [field, actual]));
}

describe('layers of one kind among others', () => {
  const QUERIES = 'self_attn.q_proj.weight';
  const ROUTER = 'feed_forward.router.weight';

  it('are where config.json puts them', () => {
    expect(check({ model_type: 'jamba', attn_layer_period: 4, attn_layer_offset: 2 }, QUERIES, [2, 6, 10])).toEqual({});
    expect(check({ model_type: 'jamba' }, QUERIES, [4])).toEqual({});
    expect(check({ model_type: 'llama4_text', interleave_moe_layer_step: 2 }, ROUTER, [1, 3, 5, 7, 9, 11])).toEqual({});
  });

  it('are not, and then the tensors say where', () => {
    const jamba = { model_type: 'jamba', attn_layer_period: 8, attn_layer_offset: 4 };
    expect(check(jamba, QUERIES, [2, 6, 10])).toEqual({ attn_layer_period: 4, attn_layer_offset: 2 });
    expect(check(jamba, QUERIES, [2])).toEqual({ attn_layer_period: 12, attn_layer_offset: 2 });
    expect(check({ model_type: 'jamba' }, ROUTER, [0, 3, 6, 9])).toEqual({
      expert_layer_period: 3,
      expert_layer_offset: 0,
    });
    expect(check({ model_type: 'llama4_text' }, ROUTER, [2, 5, 8, 11])).toEqual({ interleave_moe_layer_step: 3 });
  });

  it('are left alone where they follow no rule, or config.json is of another class', () => {
    expect(check({ model_type: 'jamba' }, QUERIES, [1, 2, 7])).toEqual({});
    expect(check({ model_type: 'llama4_text' }, ROUTER, [0, 3, 6, 9])).toEqual({});
    expect(check({ model_type: 'llama' }, QUERIES, [1])).toEqual({});
  });
});
