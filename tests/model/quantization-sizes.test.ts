import { describe, expect, it } from 'vitest';
import type { QuantizationType } from '../../lib/domain/quantization-types';
import { measureTokenizer } from '../../lib/model/gguf-header-size';
import { type GgufTensorPlan, planGgufTensors } from '../../lib/model/gguf-tensor-plan';
import { contextMemory } from '../../lib/model/kv-cache';
import { mixTensorTypes, prepareMix } from '../../lib/model/quantization-mix';
import { quantizedSizes } from '../../lib/model/quantization-sizes';
import { llama70bTensors, llamaTensors, phi4Config, phi4Tensors } from '../support/planned-checkpoints';

const LLAMA = { architectures: ['LlamaForCausalLM'], num_hidden_layers: 2 };

function planOf(tensors = phi4Tensors(), config: Record<string, unknown> = phi4Config): GgufTensorPlan {
  const plan = planGgufTensors({ tensors, config });
  if (plan === null) throw new Error('not planned');
  return plan;
}

describe('quantizedSizes', () => {
  // What `llama-quantize --dry-run` of v0.5.0 says of files with these tensors, MiB, header not included.
  it.each([
    [
      'Phi-4',
      { Q8_0: 14_855.33, Q6_K: 11_469.55, Q5_K_M: 10_009.94, Q4_K_M: 8636.19, Q4_K_S: 8065.1, IQ4_XS: 7872.83 },
    ],
    ['Phi-4', { Q3_K_L: 7746.89, Q3_K_M: 7028.14, Q3_K_S: 6200.02, Q2_K: 5638.54, IQ3_M: 6590.16, Q4_0: 7991.66 }],
    ['Llama 3 70B', { Q8_0: 71_494.28, Q5_K_M: 47_628.36, Q4_K_M: 40_543.11, Q4_K_S: 38_470.61, Q4_0: 38_110.61 }],
    ['Llama 3 70B', { Q3_K_L: 35_412.53, Q3_K_M: 32_672.53, Q2_K: 25_145.77, IQ4_XS: 36_489.3, IQ3_M: 30_450.03 }],
  ])('agrees with llama-quantize about %s', (model, known) => {
    const plan = model === 'Phi-4' ? planOf() : planOf(llama70bTensors(), LLAMA);
    const sizes = quantizedSizes(plan, { baseType: 'BF16', tokenizer: null });
    for (const [type, mebibytes] of Object.entries(known)) {
      const size = sizes.find((one) => one.type === type)?.sizeBytes ?? 0;
      expect([type, Math.abs(size / (mebibytes * 1024 * 1024) - 1) < 0.001]).toEqual([type, true]);
    }
  });

  it('says why a type cannot be made: rows that do not divide, weights that are packed already', () => {
    const narrow = quantizedSizes(planOf(llamaTensors({ hidden: 96 }), LLAMA), { baseType: 'F16', tokenizer: null });
    expect(narrow.find((one) => one.type === 'Q1_0')?.problem).toMatch(/rows of 96, which Q1_0 cannot cut/);
    expect(narrow.find((one) => one.type === 'Q4_K_M')?.problem).toBeNull();
    const packed = planOf(
      [
        { name: 'model.layers.0.mlp.experts.down_proj_blocks', shape: [4, 64, 2, 16] },
        { name: 'model.layers.0.mlp.experts.down_proj_scales', shape: [4, 64, 2] },
      ],
      { architectures: ['GptOssForCausalLM'], quantization_config: { quant_method: 'mxfp4' } },
    );
    const gptOss = quantizedSizes(packed, { baseType: 'BF16', tokenizer: null });
    expect(gptOss.find((one) => one.type === 'Q4_K_M')?.problem).toMatch(/MXFP4 already/);
    expect(gptOss.find((one) => one.type === 'MXFP4_MOE')?.problem).toBeNull();
  });

  it('counts the tokenizer where it is known', () => {
    const tokenizer = measureTokenizer({
      model: { vocab: { a: 0, bc: 1 }, merges: ['a b', ['c', 'd']] },
      added_tokens: [
        { id: 2, content: '</s>' },
        { id: 0, content: 'a' },
      ],
    });
    expect(tokenizer).toEqual({
      tokenCount: 3,
      tokenBytes: 7,
      mergeCount: 2,
      mergeBytes: 6,
      hasScores: false,
      templateBytes: 0,
    });
    expect(
      measureTokenizer({
        model: {
          vocab: [
            ['a', -1],
            ['b', -2],
          ],
        },
      })?.hasScores,
    ).toBe(true);
    expect([measureTokenizer(null), measureTokenizer({ model: {} })]).toEqual([null, null]);
    const of = (known: typeof tokenizer) =>
      quantizedSizes(planOf(), { baseType: 'BF16', tokenizer: known })[0]?.sizeBytes ?? 0;
    expect(of(tokenizer)).not.toBe(of(null));
  });
});

describe('mixTensorTypes', () => {
  const typesOf = (type: QuantizationType, hasImatrix: boolean) =>
    mixTensorTypes(prepareMix(planOf(llamaTensors({ layers: 16 }), LLAMA)), { type, baseType: 'BF16', hasImatrix });

  it('gives the first and last eighth of the layers more bits, and a tied embedding those of an output', () => {
    const types = typesOf('Q4_K_M', false);
    expect(types.get('token_embd.weight')).toBe('Q6_K');
    const down = Array.from({ length: 16 }, (_, layer) => types.get(`blk.${layer}.ffn_down.weight`));
    expect(down.map((type) => (type === 'Q6_K' ? 6 : 4))).toEqual([6, 6, 4, 4, 6, 4, 4, 6, 4, 4, 6, 4, 4, 6, 6, 6]);
    expect(types.get('blk.3.attn_norm.weight')).toBe('F32');
  });

  it('chooses otherwise when importance data is there', () => {
    expect(typesOf('IQ3_XXS', false).get('blk.5.ffn_down.weight')).toBe('Q3_K');
    expect(typesOf('IQ3_XXS', true).get('blk.5.ffn_down.weight')).toBe('IQ3_XXS');
    expect(typesOf('Q4_0', true).get('blk.0.ffn_down.weight')).toBe('Q4_1');
  });
});

describe('contextMemory', () => {
  it('keeps a window only in the layers that have one', () => {
    const config = { architectures: ['Gemma2ForCausalLM'], sliding_window: 4096 };
    const plan = planOf(llamaTensors(), config);
    const rowBytes = 2 * 128 * 2;
    // One of two layers sees 4,096 tokens and a batch of 512, the other everything.
    expect(contextMemory(plan, config, 32_768).cacheBytes).toBe(rowBytes * (4608 + 32_768));
    expect(contextMemory(plan, config, 1000).cacheBytes).toBe(rowBytes * 2 * 1024);
  });

  it('keeps one compressed row for all heads with latent attention, and nothing for an encoder', () => {
    const config = { architectures: ['DeepseekV3ForCausalLM'], num_hidden_layers: 1 };
    const latent = planOf([{ name: 'model.layers.0.self_attn.kv_a_proj_with_mqa.weight', shape: [576, 64] }], config);
    expect(contextMemory(latent, config, 4096).cacheBytes).toBe(576 * 4096 * 2);
    const bert = planOf([{ name: 'encoder.layer.0.attention.self.key.weight', shape: [8, 8] }], {
      architectures: ['BertModel'],
    });
    expect(contextMemory(bert, {}, 4096).cacheBytes).toBe(0);
  });
});
