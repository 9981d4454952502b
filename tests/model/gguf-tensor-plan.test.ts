import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../lib/model/gguf-planned-tensor';
import { type GgufPlanInput, planGgufTensors } from '../../lib/model/gguf-tensor-plan';
import { llamaTensors, phi4Config, phi4Tensors } from '../support/planned-checkpoints';

const LLAMA = { architectures: ['LlamaForCausalLM'], num_hidden_layers: 2, hidden_size: 256, num_attention_heads: 4 };

function plan(input: Partial<GgufPlanInput>) {
  return planGgufTensors({ tensors: llamaTensors(), config: LLAMA, ...input });
}

const named = (input: Partial<GgufPlanInput>, name: string) =>
  plan(input)?.tensors.find((tensor) => tensor.name === name);

describe('planGgufTensors', () => {
  it('keeps every parameter of Phi-4, with its matrices fused as they are', () => {
    const found = planGgufTensors({ tensors: phi4Tensors(), config: phi4Config });
    expect(found).toMatchObject({ architecture: 'phi3', layers: 40 });
    expect(found?.tensors).toHaveLength(243);
    expect(found?.tensors.reduce((sum, tensor) => sum + elementsOf(tensor), 0)).toBe(14_659_507_200);
    expect(found?.tensors.find((one) => one.name === 'blk.39.attn_qkv.weight')?.dimensions).toEqual([5120, 7680]);
  });

  it('stacks experts, and knows the router stays in 32 bits', () => {
    const tensors = [
      { name: 'model.layers.0.block_sparse_moe.gate.weight', shape: [3, 8] },
      ...[0, 1, 2].map((expert) => ({
        name: `model.layers.0.block_sparse_moe.experts.${expert}.w1.weight`,
        shape: [16, 8],
      })),
    ];
    expect(named({ tensors }, 'blk.0.ffn_gate_exps.weight')).toMatchObject({
      dimensions: [8, 16, 3],
      storage: 'float',
    });
    expect(named({ tensors }, 'blk.0.ffn_gate_inp.weight')).toMatchObject({ dimensions: [8, 3], storage: 'F32' });
  });

  it('claims nothing when an expert is missing, as the converter would stop there', () => {
    const tensors = [0, 2].map((expert) => ({
      name: `model.layers.0.block_sparse_moe.experts.${expert}.w1.weight`,
      shape: [16, 8],
    }));
    expect(plan({ tensors })).toBeNull();
  });

  it('adds rope factors where config.json asks for them', () => {
    const scaled = { ...LLAMA, rope_scaling: { rope_type: 'llama3', factor: 8 } };
    expect(named({ config: scaled }, 'rope_freqs.weight')?.dimensions).toEqual([32]);
    expect(named({}, 'rope_freqs.weight')).toBeUndefined();
    const long = { ...phi4Config, rope_scaling: { type: 'longrope', long_factor: Array(64).fill(1) } };
    const phi = planGgufTensors({ tensors: phi4Tensors(), config: long });
    expect(phi?.tensors.filter((one) => one.name.startsWith('rope_factors')).map((one) => one.dimensions)).toEqual([
      [64],
      [64],
    ]);
  });

  it('leaves out buffers, towers and the head that Gemma does not use', () => {
    const extra = [
      { name: 'model.layers.0.self_attn.rotary_emb.inv_freq', shape: [32] },
      { name: 'vision_tower.blocks.0.weight', shape: [4, 4] },
      { name: 'lm_head.weight', shape: [320, 256] },
    ];
    const tensors = [...llamaTensors(), ...extra];
    expect(plan({ tensors })?.tensors).toHaveLength(llamaTensors().length + 1);
    const gemma = { ...LLAMA, architectures: ['GemmaForCausalLM'] };
    expect(plan({ tensors, config: gemma })?.tensors).toHaveLength(llamaTensors().length);
  });

  it('cuts the embedding of Gemma 3 to its tokens, or says that it may be cut', () => {
    const config = { ...LLAMA, architectures: ['Gemma3ForCausalLM'] };
    expect(named({ config, tokenCount: 300 }, 'token_embd.weight')).toEqual(
      expect.objectContaining({ dimensions: [256, 300] }),
    );
    expect(named({ config }, 'token_embd.weight')).toMatchObject({ dimensions: [256, 320], mayLoseRows: true });
  });

  it('splits the latent attention of DeepSeek by its heads, and drops layers behind the last', () => {
    const config = {
      architectures: ['DeepseekV3ForCausalLM'],
      num_hidden_layers: 1,
      num_key_value_heads: 4,
      v_head_dim: 16,
      qk_nope_head_dim: 8,
    };
    const tensors = [
      { name: 'model.layers.0.self_attn.kv_b_proj.weight', shape: [96, 32] },
      { name: 'model.layers.1.self_attn.kv_b_proj.weight', shape: [96, 32] },
    ];
    expect(plan({ config, tensors })?.tensors.map(({ name, dimensions }) => [name, dimensions])).toEqual([
      ['blk.0.attn_k_b.weight', [8, 32, 4]],
      ['blk.0.attn_v_b.weight', [32, 16, 4]],
    ]);
    expect(plan({ config: { ...config, v_head_dim: 15 }, tensors })).toBeNull();
  });

  it.each([
    ['an unknown class', { config: { architectures: ['NobodyForCausalLM'] } }],
    ['no class', { config: {} }],
    ['a tensor that it does not know', { tensors: [...llamaTensors(), { name: 'model.extra.weight', shape: [1] }] }],
    ['a name of every object', { tensors: [{ name: 'constructor.weight', shape: [1] }] }],
    ['compressed weights', { config: { ...LLAMA, quantization_config: { quant_method: 'gptq' } } }],
    ['more layers than llama.cpp loads', { tensors: llamaTensors({ hidden: 4, layers: 513 }) }],
  ])('claims nothing about %s', (_, input) => {
    expect(plan(input)).toBeNull();
  });

  it('takes the class of the text section, as the converter does', () => {
    const config = { architectures: ['Wrapper'], text_config: { ...LLAMA } };
    expect(plan({ config })?.architecture).toBe('llama');
  });
});
