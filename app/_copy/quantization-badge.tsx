import { QUANTIZATIONS, type QuantizationType } from '../../lib/domain/quantization-types';

/** A quantization's name over a hairline as long as its bits per weight (16 bits fill it). */
export function QuantizationBadge({ type }: { readonly type: QuantizationType }) {
  const bits = QUANTIZATIONS[type].bitsPerWeight;
  return (
    <span
      className="relative inline-flex h-6 items-center overflow-hidden rounded-md border bg-sunken px-1.5 font-medium font-mono text-ink text-xs"
      title={`${bits} bits per weight: ${QUANTIZATIONS[type].note}`}
    >
      {type}
      <span
        aria-hidden
        className="absolute bottom-0 left-0 h-0.5 bg-accent"
        style={{ width: `${Math.min(100, (bits / 16) * 100)}%` }}
      />
    </span>
  );
}
