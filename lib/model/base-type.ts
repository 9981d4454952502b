import type { ConversionSpec } from '../domain/conversion-spec';
import { isFloatType } from '../domain/quantization-types';

/**
 * The float type of the base: what the person chose, else a float output that is wanted anyway, else what loses nothing
 * (BF16 for bfloat16 weights, F16 for all else: 32-bit weights of published models are nearly always upcast halves).
 *
 * @param dtype the checkpoint's, in safetensors' spelling; null while unknown.
 */
export function baseTypeOf(
  spec: Pick<ConversionSpec, 'baseType' | 'outputs'>,
  dtype: string | null,
): 'F16' | 'BF16' | 'F32' {
  if (spec.baseType !== 'auto') return spec.baseType;
  const natural = dtype === 'BF16' ? 'BF16' : 'F16';
  const wanted = spec.outputs.filter(isFloatType);
  return wanted.includes(natural) ? natural : (wanted[0] ?? natural);
}
