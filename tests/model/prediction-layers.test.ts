import { describe, expect, it } from 'vitest';
import { assess } from '../support/assess';
import { LLAMA_CONFIG, llamaShapes, TWO_EXPERTS } from '../support/llama-shapes';

const GLM = {
  ...LLAMA_CONFIG,
  model_type: 'glm4_moe',
  architectures: ['Glm4MoeForCausalLM'],
  n_routed_experts: 2,
  moe_intermediate_size: 64,
  num_hidden_layers: 3,
};
const layers = llamaShapes(TWO_EXPERTS);
const MARKS = ['enorm', 'hnorm', 'shared_head.norm'].map((name) => [`model.layers.3.${name}.weight`, [1024]] as const);
const withLayer = { ...layers, ...Object.fromEntries(MARKS), 'model.layers.3.eh_proj.weight': [1024, 2048] };

function patch(config: object, shapes: Record<string, readonly number[]>) {
  const { num_nextn_predict_layers } = assess({ ...config }, shapes).patch;
  return num_nextn_predict_layers;
}

describe('layers that only predict further tokens', () => {
  it('are counted where config.json does not, and the converter would stop at the first', () => {
    expect(patch(GLM, withLayer)).toBe(1);
    expect(patch({ ...GLM, num_nextn_predict_layers: 3 }, withLayer)).toBe(1);
    expect(patch({ ...GLM, num_nextn_predict_layers: 1 }, withLayer)).toBeUndefined();
  });

  it('may be declared and gone: llama.cpp loads what a fine-tune has left', () => {
    expect(patch({ ...GLM, num_hidden_layers: 4, num_nextn_predict_layers: 1 }, layers)).toBeUndefined();
  });

  it('are of no concern to a converter that passes them over', () => {
    const other = { ...GLM, model_type: 'own', architectures: ['BailingMoeForCausalLM'] };
    expect(patch(other, withLayer)).toBeUndefined();
  });
});

describe('more experts for each token than there are', () => {
  const experts = { 'mlp.gate.weight': [4, 1024] };
  const config = { ...LLAMA_CONFIG, model_type: 'own', architectures: ['OwnForCausalLM'] };

  it('are asked about', () => {
    const asked = (used: unknown) =>
      assess({ ...config, num_experts: 4, num_experts_per_tok: used }, llamaShapes(experts)).undetermined;
    expect(asked(9)).toMatchObject([{ field: 'num_experts_per_tok', candidates: [2, 4, 1] }]);
    expect(asked(4)).toEqual([]);
  });
});
