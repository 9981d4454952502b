import type { Finding } from '../domain/finding';
import { type ConfigObject, isObject } from './config-reader';
import type { TensorInfo } from './safetensors-header';

const READABLE_COMPRESSED_FORMATS = new Set([
  'float-quantized',
  'int-quantized',
  'naive-quantized',
  'pack-quantized',
  'nvfp4-pack-quantized',
  'mixed-precision',
  'mxfp4-pack-quantized',
]);
const REMEDY = 'Give the original model in 16 bits, from which this one was made (its card usually links it).';

/**
 * Weights that are quantized already, in a way that the pinned converter does not undo. It reads bitnet, fp8, gptq with
 * 2, 4 or 8 bits, compressed-tensors, modelopt and mxfp4 (llama.cpp v0.5.0, `conversion/base.py`, dequant_model).
 */
export function checkQuantization(config: ConfigObject, tensors: readonly TensorInfo[]): Finding | null {
  const quantization = config['quantization_config'] ?? nestedQuantization(config);
  if (isObject(quantization)) {
    const refused = refusedMethod(quantization);
    return refused === null
      ? null
      : finding(refused, [`quantization_config: ${JSON.stringify(quantization).slice(0, 300)}`]);
  }
  const mlx = config['quantization'];
  if (isObject(mlx) && typeof mlx['bits'] === 'number') {
    return finding(`MLX weights of ${mlx['bits']} bits`, [`quantization: ${JSON.stringify(mlx).slice(0, 300)}`]);
  }
  return checkTensorNames(tensors);
}

function nestedQuantization(config: ConfigObject): unknown {
  const text = config['text_config'];
  return isObject(text) ? text['quantization_config'] : null;
}

function refusedMethod(quantization: ConfigObject): string | null {
  const method = quantization['quant_method'];
  // modelopt leaves the method to a file beside config.json; without a method the converter does nothing.
  if (typeof method !== 'string')
    return quantization['load_in_4bit'] || quantization['load_in_8bit'] ? 'bitsandbytes' : null;
  switch (method) {
    case 'bitnet':
    case 'fp8':
    case 'modelopt':
    case 'mxfp4':
      return null;
    case 'gptq':
      return [2, 4, 8].includes(Number(quantization['bits'])) ? null : `gptq with ${String(quantization['bits'])} bits`;
    case 'compressed-tensors': {
      const format = String(quantization['format']);
      return READABLE_COMPRESSED_FORMATS.has(format) ? null : `compressed-tensors in the format ${format.slice(0, 60)}`;
    }
    default:
      return method.slice(0, 60);
  }
}

/** Quantized tensors whose quantization_config was lost: the converter would stop at the first of them. */
function checkTensorNames(tensors: readonly TensorInfo[]): Finding | null {
  const traces: readonly (readonly [RegExp, string])[] = [
    [/\.weight\.(absmax|quant_map|quant_state\.)|\.SCB$/, 'bitsandbytes'],
    [/\.(qweight|qzeros)$/, 'gptq or awq'],
    [/\.weight\._(scale|data)$/, 'quanto'],
  ];
  for (const [pattern, method] of traces) {
    const found = tensors.filter((tensor) => pattern.test(tensor.name));
    if (found.length > 0)
      return finding(
        method,
        found.slice(0, 3).map((tensor) => `tensor ${tensor.name}`),
      );
  }
  return null;
}

function finding(method: string, evidence: string[]): Finding {
  return {
    code: 'model-already-quantized',
    severity: 'blocks',
    message: `These weights are quantized already (${method}), and llama.cpp's converter cannot undo that.`,
    remedy: REMEDY,
    evidence,
  };
}
