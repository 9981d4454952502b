import type { ConfigPatch } from '../domain/conversion-spec';
import type { FileRepair } from '../domain/file-repair';
import type { Finding } from '../domain/finding';
import { type ConfigObject, declaredArchitecture, isObject } from './config-reader';
import { findQuantizedTensors, packedMinority, type QuantizedTensors } from './quantized-tensors';
import type { TensorInfo } from './safetensors-header';

export interface QuantizationCheck {
  readonly finding: Finding | null;
  /** The lost quantization_config, where the tensors prove all that the converter reads of it. */
  readonly patch: ConfigPatch;
  /** A section that says the weights are quantized, which they are not. */
  readonly repairs?: readonly FileRepair[];
}

const REMEDY = 'Give the original model in 16 bits, from which this one was made (its card usually links it).';

/**
 * Weights that are quantized already, in a way that the pinned converter does not undo. It reads bitnet, fp8, gptq with
 * 2, 4 or 8 bits, compressed-tensors of one group, modelopt, and gpt-oss's mxfp4 (llama.cpp v0.5.0,
 * `conversion/base.py`, dequant_model).
 */
export function checkQuantization(config: ConfigObject, tensors: readonly TensorInfo[]): QuantizationCheck {
  const quantization = config['quantization_config'] ?? nestedQuantization(config);
  if (isObject(quantization) && (saysHow(quantization) || bearsModeloptScales(tensors))) {
    const refused = refusedMethod(quantization, declaredArchitecture(config));
    const says = `quantization_config: ${JSON.stringify(quantization).slice(0, 300)}`;
    if (refused === null) return { finding: null, patch: {} };
    return findQuantizedTensors(tensors)
      ? { finding: refusal(refused, [says]), patch: {} }
      : leftOver(config, refused, tensors);
  }
  const mlx = config['quantization'];
  if (isObject(mlx) && typeof mlx['bits'] === 'number') {
    const says = `quantization: ${JSON.stringify(mlx).slice(0, 300)}`;
    return { finding: refusal(`MLX weights of ${mlx['bits']} bits`, [says]), patch: {} };
  }
  const found = findQuantizedTensors(tensors);
  return found ? undeclared(found, packedMinority(tensors)) : { finding: null, patch: {} };
}

/** Without a method the converter does nothing, whatever else the section says (MLX writes groups and bits alone). */
function saysHow({ quant_method: method, load_in_4bit: four, load_in_8bit: eight }: ConfigObject): boolean {
  return typeof method === 'string' || Boolean(four) || Boolean(eight);
}

/** modelopt leaves the method to a file beside config.json, which the converter reads. */
function bearsModeloptScales(tensors: readonly TensorInfo[]): boolean {
  return tensors.some(({ name }) => /\.(input_scale|weight_scale_2)$/.test(name));
}

function nestedQuantization(config: ConfigObject): unknown {
  const text = config['text_config'];
  return isObject(text) ? text['quantization_config'] : null;
}

function refusedMethod(quantization: ConfigObject, architecture: string | null): string | null {
  const method = quantization['quant_method'];
  if (typeof method !== 'string')
    return quantization['load_in_4bit'] || quantization['load_in_8bit'] ? 'bitsandbytes' : null;
  switch (method) {
    case 'bitnet':
    case 'fp8':
    case 'modelopt':
      return null;
    case 'mxfp4':
      // Only the converters of these classes understand its blocks.
      return architecture === null || /^(GptOss|DeepseekV4)/.test(architecture)
        ? null
        : `mxfp4 in ${architecture.slice(0, 60)}`;
    case 'gptq':
      return refusedGptq(quantization);
    case 'compressed-tensors':
      return refusedCompressed(quantization, architecture);
    default:
      return method.slice(0, 60);
  }
}

function refusedGptq(quantization: ConfigObject): string | null {
  const format = quantization['checkpoint_format'];
  if (format === 'marlin') return 'gptq in the marlin format';
  return [2, 4, 8].includes(Number(quantization['bits']))
    ? null
    : `gptq with ${String(quantization['bits']).slice(0, 20)} bits`;
}

/** One group of weights, in the strategies that the converter knows; it stops at every other. */
function refusedCompressed(quantization: ConfigObject, architecture: string | null): string | null {
  const format = String(quantization['format']).slice(0, 60);
  const what = `compressed-tensors in the format ${format}`;
  const groups = isObject(quantization['config_groups']) ? Object.values(quantization['config_groups']) : [];
  if (format === 'nvfp4-pack-quantized') return null;
  if (format === 'mxfp4-pack-quantized') return architecture?.startsWith('KimiK3') ? null : what;
  if (format === 'mixed-precision') {
    const isAllNvfp4 =
      groups.length > 0 && groups.every((group) => isObject(group) && group['format'] === 'nvfp4-pack-quantized');
    return isAllNvfp4 ? null : what;
  }
  const [group] = groups;
  const weights = isObject(group) ? group['weights'] : null;
  if (groups.length > 1) return `${what}, with ${groups.length} groups of weights`;
  const strategy = isObject(weights) ? String(weights['strategy']).slice(0, 30) : 'none';
  if (['float-quantized', 'int-quantized', 'naive-quantized'].includes(format)) {
    return ['channel', 'block'].includes(strategy) ? null : `${what}, scaled by ${strategy}`;
  }
  if (format === 'pack-quantized') return strategy === 'group' ? null : `${what}, scaled by ${strategy}`;
  return what;
}

/**
 * A quantization_config over weights that are whole: left behind by a merge of an adapter that was trained on a quantized
 * model, or by loading with one. The converter stops at the word, whatever the weights are.
 */
function leftOver(config: ConfigObject, method: string, tensors: readonly TensorInfo[]): QuantizationCheck {
  const field = isObject(config['quantization_config']) ? 'quantization_config' : 'text_config.quantization_config';
  const weights = tensors.filter(({ name, shape }) => name.endsWith('.weight') && shape.length === 2);
  const [example] = weights;
  if (!example) return { finding: refusal(method, [`${field}: ${method}`]), patch: {} };
  return {
    finding: {
      code: 'config-contradicts-tensors',
      severity: 'blocks',
      field,
      configured: method,
      actual: null,
      tensor: example.name,
      message: `${field}: config.json says ${method}, but none of the ${weights.length} weights is quantized, nor is there a scale for any. It is left over, and the converter would stop at it.`,
      remedy: 'Accept the repair: it removes the section.',
      evidence: [`${example.name.slice(0, 160)} ${example.dtype} [${example.shape.join(', ')}]`],
    },
    patch: {},
    // Not set to null, which transformers does not survive.
    repairs: [
      { kind: 'remove-field', file: 'config.json', field, reason: 'No weight is quantized: the section is left over.' },
    ],
  };
}

/** Quantized tensors whose quantization_config was lost: the converter would stop at the first of them. */
function undeclared(
  { method, examples, block }: QuantizedTensors,
  minority: ReturnType<typeof packedMinority>,
): QuantizationCheck {
  const evidence = examples.map((name) => `tensor ${name}`);
  if (minority) {
    const { packed, whole } = minority;
    const mixture = `${method}, but only ${packed} of them, while ${whole} others of the same kind are whole: layers of two uploads`;
    return { finding: refusal(mixture, evidence), patch: {} };
  }
  if (!block) return { finding: refusal(method, evidence), patch: {} };
  const finding: Finding = {
    code: 'config-field-missing',
    severity: 'blocks',
    field: 'quantization_config',
    configured: null,
    actual: method,
    ...(examples[0] === undefined ? {} : { tensor: examples[0] }),
    message: `These weights are quantized (${method}), but config.json has no quantization_config: the converter would stop at ${examples[0]}.`,
    remedy: 'Accept the repaired config.json: with that section, the converter undoes the quantization.',
    evidence,
  };
  return { finding, patch: block };
}

function refusal(method: string, evidence: string[]): Finding {
  return {
    code: 'model-already-quantized',
    severity: 'blocks',
    message: `These weights are quantized already (${method}), and llama.cpp's converter cannot undo that.`,
    remedy: REMEDY,
    evidence,
  };
}
