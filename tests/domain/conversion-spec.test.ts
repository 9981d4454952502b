import { describe, expect, it } from 'vitest';
import { conversionSpecSchema } from '../../lib/domain/conversion-spec';
import {
  isFloatType,
  parseQuantizationType,
  QUANTIZATIONS,
  suggestQuantizationTypes,
} from '../../lib/domain/quantization-types';

const base = { source: { kind: 'hub', repo: 'owner/name' }, instanceId: 'this-machine' };

describe('a conversion', () => {
  it('gets defaults, canonical type names, and each output once', () => {
    const spec = conversionSpecSchema.parse({ ...base, outputs: ['q4_k_m', 'Q4_K', 'F16'] });
    expect(spec.outputs).toEqual(['Q4_K_M', 'F16']);
    expect(spec).toMatchObject({
      baseType: 'auto',
      bringHome: true,
      threads: null,
      configPatch: {},
      source: { revision: 'main' },
    });
  });

  it('with an unknown type is refused with near names', () => {
    const outcome = conversionSpecSchema.safeParse({ ...base, outputs: ['Q4_K_X'] });
    expect(outcome.success).toBe(false);
    expect(outcome.error?.issues[0]?.message).toMatch(/no type "Q4_K_X".*Q4_K_M/);
    expect(outcome.error?.issues[0]?.path).toEqual(['outputs', 0]);
  });

  it('without an output is refused', () => {
    expect(conversionSpecSchema.safeParse({ ...base, outputs: [] }).success).toBe(false);
  });

  it.each(['a; rm -rf /', '$(id)/x', '../etc', 'owner', 'owner/na me', '-o/x', 'a/b/c', 'o/`x`', "o/'x"])(
    'refuses the id %s',
    (repo) => {
      expect(conversionSpecSchema.safeParse({ ...base, source: { kind: 'hub', repo }, outputs: ['F16'] }).success).toBe(
        false,
      );
    },
  );
});

describe('quantization types', () => {
  it('are found by name and alias in any case', () => {
    expect(parseQuantizationType(' q5_k ')).toBe('Q5_K_M');
    expect(parseQuantizationType('nope')).toBeNull();
  });

  it('suggest the usual ones when nothing is near', () => {
    expect(suggestQuantizationTypes('zzz')).toEqual(['Q4_K_M', 'Q8_0', 'F16']);
    expect(suggestQuantizationTypes('IQ2')).toContain('IQ2_M');
  });

  it('are smaller than 16 bits unless they are float types', () => {
    for (const [type, info] of Object.entries(QUANTIZATIONS)) {
      expect(info.bitsPerWeight >= 16).toBe(isFloatType(type as keyof typeof QUANTIZATIONS));
    }
  });
});
