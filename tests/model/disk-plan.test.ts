import { describe, expect, it } from 'vitest';
import { fileBytes, guessParameterCount, planDisk, planMemory, planSteps } from '../../lib/model/disk-plan';

const GB = 1_000_000_000;

describe('planDisk', () => {
  it('comes near the sizes known for Phi-4 (14.66 billion parameters)', () => {
    const plan = planDisk({
      sourceBytes: 29.3 * GB,
      parameterCount: 14.66 * GB,
      baseType: 'BF16',
      outputs: ['Q4_K_M', 'Q5_K_M', 'Q8_0'],
    });
    expect(plan.baseBytes / GB).toBeCloseTo(29.3, 0);
    expect((plan.outputBytes.Q4_K_M ?? 0) / GB).toBeCloseTo(9.0, 0);
    expect((plan.outputBytes.Q8_0 ?? 0) / GB).toBeCloseTo(15.6, 0);
    expect(plan.totalBytes / GB).toBeGreaterThan(94);
    expect(plan.totalBytes / GB).toBeLessThan(102);
  });

  it('does not count the base twice when it is an output itself', () => {
    const plan = planDisk({ sourceBytes: 0, parameterCount: GB, baseType: 'F16', outputs: ['F16'] });
    expect(plan.outputBytes).toEqual({});
    expect(plan.baseBytes).toBe(2 * GB);
  });

  it('takes exact sizes where they are known', () => {
    const sizes = new Map([['Q4_K_M', 111] as const, ['F16', 222] as const]);
    const plan = planDisk({ sourceBytes: 0, parameterCount: GB, baseType: 'F16', outputs: ['Q4_K_M', 'Q8_0'], sizes });
    expect(plan).toMatchObject({ baseBytes: 222, outputBytes: { Q4_K_M: 111, Q8_0: fileBytes(GB, 'Q8_0') } });
  });

  it('expects more of small models, whose embedding weighs more', () => {
    expect(fileBytes(135_000_000, 'Q4_K_M')).toBeGreaterThan((135_000_000 * 4.89) / 8);
    expect(guessParameterCount(269_060_552)).toBe(134_530_276);
  });
});

describe('planMemory', () => {
  it('grows with the largest tensor', () => {
    const plan = planMemory(65_500_000, 100_000_000);
    expect(plan.convertBytes).toBeGreaterThan(860_000_000);
    expect(plan.quantizeBytes).toBeGreaterThan(450_000_000);
    expect(plan.verifyBytes).toBeGreaterThan(100_000_000);
  });
});

describe('planSteps', () => {
  const disk = { sourceBytes: 300, baseBytes: 200, outputBytes: { Q4_K_M: 60, Q8_0: 100 }, totalBytes: 9999 };
  const memory = { convertBytes: 7, quantizeBytes: 8, verifyBytes: 9 };

  it('adds up what each step leaves, and names what it needs itself', () => {
    expect(planSteps(disk, memory).map(({ step, diskBytes }) => [step, diskBytes])).toEqual([
      ['fetch-model', 300],
      ['convert-model', 500],
      ['quantize', 660],
      ['verify', 660],
    ]);
    expect(planSteps(disk, memory).map(({ memoryBytes }) => memoryBytes)).toEqual([256 * 1024 * 1024, 7, 8, 9]);
  });

  it('needs no memory for quantizing when only floats are wanted', () => {
    expect(planSteps({ ...disk, outputBytes: {} }, memory)[2]).toEqual({
      step: 'quantize',
      diskBytes: 500,
      memoryBytes: 0,
    });
  });
});
