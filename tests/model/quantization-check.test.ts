import { describe, expect, it } from 'vitest';
import { applyConfigPatch } from '../../lib/model/config-patch';
import { checkQuantization } from '../../lib/model/quantization-config-check';

type Entry = readonly [name: string, shape: readonly number[], dtype?: string];

function tensors(...entries: Entry[]) {
  return entries.map(([name, shape, dtype = 'BF16']) => ({
    name,
    shape,
    dtype,
    begin: 0,
    end: 0,
    file: 'model.safetensors',
  }));
}

const QUANTIZED_WEIGHT = tensors(['model.layers.0.mlp.up_proj.weight', [64, 64], 'U8']);

function judge(quantization: Record<string, unknown>, architecture = 'LlamaForCausalLM'): string {
  const config = { architectures: [architecture], quantization_config: quantization };
  const { finding } = checkQuantization(config, QUANTIZED_WEIGHT);
  return finding ? finding.message : 'read';
}

const compressed = (format: string, weights: Record<string, unknown>, groups = 1) => ({
  quant_method: 'compressed-tensors',
  format,
  config_groups: Object.fromEntries(Array.from({ length: groups }, (_, at) => [`group_${at}`, { weights }])),
});

describe('weights that are quantized already', () => {
  it.each([
    [{ quant_method: 'fp8', weight_block_size: [128, 128] }],
    [{ quant_method: 'gptq', bits: 4 }],
    [{ quant_method: 'bitnet' }],
    [{ quant_method: 'modelopt' }],
    [compressed('float-quantized', { strategy: 'channel', num_bits: 8 })],
    [compressed('pack-quantized', { strategy: 'group', num_bits: 4, group_size: 32 })],
    [compressed('nvfp4-pack-quantized', {}, 2)],
  ])('are read by the converter: %o', (quantization) => {
    expect(judge(quantization)).toBe('read');
  });

  it.each([
    [{ quant_method: 'awq', bits: 4 }, 'awq'],
    [{ quant_method: 'bitsandbytes', load_in_4bit: true }, 'bitsandbytes'],
    [{ quant_method: 'hqq' }, 'hqq'],
    [{ quant_method: 'quanto' }, 'quanto'],
    [{ quant_method: 'gptq', bits: 3 }, 'gptq with 3 bits'],
    [{ quant_method: 'gptq', bits: 4, checkpoint_format: 'marlin' }, 'marlin'],
    [{ quant_method: 'mxfp4' }, 'mxfp4 in LlamaForCausalLM'],
    [compressed('float-quantized', { strategy: 'tensor', num_bits: 8 }), 'scaled by tensor'],
    [compressed('pack-quantized', { strategy: 'channel' }), 'scaled by channel'],
    [compressed('pack-quantized', { strategy: 'group' }, 2), '2 groups'],
    [compressed('mixed-precision', {}), 'mixed-precision'],
    [compressed('marlin-24', {}), 'marlin-24'],
  ])('are refused where it stops at them: %o', (quantization, words) => {
    expect(judge(quantization)).toContain(words);
  });

  it.each([
    ['bitsandbytes', tensors(['a.weight', [8, 1], 'U8'], ['a.weight.absmax', [4], 'F32'])],
    ['bitsandbytes', tensors(['a.weight', [8, 8], 'I8'], ['a.SCB', [8], 'F32'])],
    ['quanto', tensors(['a.weight._data', [8, 8], 'I8'], ['a.weight._scale', [8]])],
    ['awq', tensors(['a.qweight', [64, 8], 'I32'], ['a.qzeros', [2, 8], 'I32'])],
    ['gptq with 3 bits', tensors(['a.qweight', [6, 8], 'I32'], ['a.g_idx', [64], 'I32'])],
    ['MLX', tensors(['a.weight', [64, 8], 'U32'], ['a.scales', [64, 1]])],
    ['compressed-tensors', tensors(['a.weight_packed', [64, 8], 'I32'])],
    ['vptq', tensors(['a.indices', [1, 8, 4], 'I32'], ['a.centroids.weight', [1, 64]])],
    ['torchao', tensors(['a.weight:_weight_qdata', [8, 8], 'I8'], ['a.weight:_weight_scale', [8]])],
    ['weights stored as F8_E5M2', tensors(['a.weight', [8, 8], 'F8_E5M2'])],
    ['weights stored as U16', tensors(['layers.0.a.packed_by_a_tool_of_tomorrow', [8, 8], 'U16'])],
  ])('and do not say so are recognized: %s', (method, given) => {
    const { finding, patch } = checkQuantization({ model_type: 'llama' }, given);
    expect(finding).toMatchObject({ code: 'model-already-quantized', severity: 'blocks' });
    expect(finding?.message).toContain(method);
    expect(patch).toEqual({});
  });

  it.each([
    [
      tensors(['a.weight', [256, 300], 'F8_E4M3'], ['a.weight_scale_inv', [2, 3], 'F32']),
      { quant_method: 'fp8', weight_block_size: [128, 128] },
    ],
    [tensors(['a.qweight', [8, 64], 'I32'], ['a.g_idx', [64], 'I32']), { quant_method: 'gptq', bits: 4 }],
    [tensors(['mlp.experts.down_proj_blocks', [4, 64, 2, 16], 'U8']), { quant_method: 'mxfp4' }],
  ])('get a lost quantization_config back where shapes tell all of it', (given, expected) => {
    const { finding, patch } = checkQuantization({}, given);
    expect(finding).toMatchObject({ code: 'config-field-missing', field: 'quantization_config' });
    expect(applyConfigPatch({}, patch)).toEqual({ quantization_config: expected });
  });

  it('are refused in a section that names no method, which MLX writes', () => {
    const words = tensors(['a.weight', [64, 8], 'U32'], ['a.scales', [64, 1]]);
    const { finding } = checkQuantization({ quantization_config: { group_size: 64, bits: 4 } }, words);
    expect(finding?.message).toContain('MLX');
    const scaled = tensors(['a.weight', [8, 8], 'F8_E4M3'], ['a.input_scale', [], 'F32']);
    expect(checkQuantization({ quantization_config: { ignore: [] } }, scaled).finding).toBeNull();
  });

  it('are refused where most of their kind are whole: layers of two uploads', () => {
    const whole = [0, 1, 2].map((at) => [`layers.${at}.up.weight`, [64, 64]] as const);
    const packed = [['layers.3.up.qweight', [8, 64], 'I32'] as const, ['layers.3.up.g_idx', [64], 'I32'] as const];
    const { finding, patch } = checkQuantization({}, tensors(...whole, ...packed));
    expect(finding).toMatchObject({ code: 'model-already-quantized' });
    expect(finding?.message).toContain('only 1 of them, while 3 others');
    expect(patch).toEqual({});
  });

  it('are no masks, tables or positions', () => {
    const buffers = tensors(
      ['h.0.attn.bias', [1, 1, 64, 64], 'U8'],
      ['layers.0.ffn.gate.tid2eid', [300, 6], 'I32'],
      ['embeddings.position_ids', [1, 512], 'I64'],
      ['h.0.attn.causal_mask', [64, 64], 'BOOL'],
    );
    expect(checkQuantization({}, buffers).finding).toBeNull();
  });

  it('are not imagined', () => {
    expect(checkQuantization({}, tensors(['a.weight', [8, 8]], ['a.bias', [8]]))).toEqual({ finding: null, patch: {} });
  });
});
