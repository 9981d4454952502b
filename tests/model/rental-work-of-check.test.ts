import { describe, expect, it } from 'vitest';
import { rentalWorkOfCheck, type SizedReport } from '../../lib/model/rental-work-of-check';

const fileOf = (type: 'Q4_K_M' | 'BF16', sizeBytes: number) => ({
  type,
  sizeBytes,
  ramBytes: sizeBytes,
  contextTokens: 4096,
  ramByContext: [],
  verdict: 'fits' as const,
  isRecommended: false,
  note: '',
});
const report: SizedReport = {
  parameterCount: 1_000_000_000,
  totalBytes: 2_000_000_000,
  dtype: 'BF16',
  facts: {
    hiddenSize: { value: 2048, tensor: 'e', shape: [] },
    vocabSize: { value: 100_000, tensor: 'e', shape: [] },
  },
  fits: [fileOf('Q4_K_M', 650_000_000), fileOf('BF16', 2_010_000_000)],
};

describe('the work of a checked model', () => {
  it('has the sizes that the check found, and estimates the others', () => {
    const work = rentalWorkOfCheck(report, ['Q4_K_M', 'Q8_0'], 'hub');
    expect(work).toMatchObject({ sourceBytes: 2_000_000_000, baseBytes: 2_010_000_000, imatrixTokens: null });
    expect(work.outputs[0]).toEqual({ type: 'Q4_K_M', sizeBytes: 650_000_000 });
    expect(work.outputs[1]?.sizeBytes).toBe(1_062_500_000);
    expect(work.broughtHomeBytes).toBe(650_000_000 + 1_062_500_000);
  });

  it('needs memory for its largest tensor: the embedding, or stacked experts', () => {
    const dense = rentalWorkOfCheck(report, ['Q4_K_M'], 'hub').memoryBytes;
    expect(dense).toBe(400 * 1024 * 1024 + 8 * 2048 * 100_000);
    const facts = {
      ...report.facts,
      numExperts: { value: 64, tensor: 'x', shape: [] },
      moeIntermediateSize: { value: 4096, tensor: 'x', shape: [] },
    };
    expect(rentalWorkOfCheck({ ...report, facts }, ['Q4_K_M'], 'hub').memoryBytes).toBe(
      400 * 1024 * 1024 + 8 * 2048 * 64 * 4096,
    );
    expect(rentalWorkOfCheck({ ...report, facts: {} }, ['Q4_K_M'], 'hub').memoryBytes).toBe(
      400 * 1024 * 1024 + 1_000_000_000,
    );
  });

  it('measures an importance matrix when a type cannot do without', () => {
    expect(rentalWorkOfCheck(report, ['Q4_K_M'], 'hub').imatrixTokens).toBeNull();
    const measured = rentalWorkOfCheck(report, ['IQ2_XS'], 'hub');
    expect(measured.imatrixTokens).toBe(2100);
    // The float file whole, and the program: a machine that the job would refuse is none to rent for it.
    expect(measured.memoryBytes).toBe(2_010_000_000 + 256 * 1024 * 1024);
  });
});
