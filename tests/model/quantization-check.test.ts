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

  it('are not imagined', () => {
    expect(checkQuantization({}, tensors(['a.weight', [8, 8]], ['a.bias', [8]]))).toEqual({ finding: null, patch: {} });
  });
});
