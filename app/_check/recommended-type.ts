import type { DeviceView } from '../../lib/domain/device';
import type { Fit } from '../../lib/domain/model-check';
import type { QuantizationType } from '../../lib/domain/quantization-types';
import { fitsOnDevice } from '../../lib/model/fits-on-device';

/** The file that we would make for the default device; the usual one where none of a model fits. */
export function recommendedType(fits: readonly Fit[], devices: readonly DeviceView[]): QuantizationType {
  const device = devices.find(({ isDefault }) => isDefault);
  return recommendedAmong(device ? fitsOnDevice(fits, device, fits[0]?.contextTokens) : fits);
}

/** The same among fits that were judged for a device already. */
export function recommendedAmong(judged: readonly Fit[]): QuantizationType {
  return judged.find(({ isRecommended }) => isRecommended)?.type ?? 'Q4_K_M';
}
