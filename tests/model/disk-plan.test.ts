import { describe, expect, it } from 'vitest';
import { fileBytes, guessParameterCount, planDisk, planMemory, planSteps, planWork } from '../../lib/model/disk-plan';
import { TOOLCHAIN_PIN } from '../../lib/toolchain/toolchain-pin';

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
    expect(plan.keptBytes).toBe(2 * GB);
    const both = planDisk({ sourceBytes: 0, parameterCount: GB, baseType: 'F16', outputs: ['F16', 'Q8_0'] });
    expect(both.keptBytes).toBe(2 * GB + fileBytes(GB, 'Q8_0'));
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
  const disk = {
    sourceBytes: 300,
    baseBytes: 200,
    outputBytes: { Q4_K_M: 60, Q8_0: 100 },
    keptBytes: 160,
    totalBytes: 9999,
  };
  const memory = { convertBytes: 7, quantizeBytes: 8, verifyBytes: 9 };

  it('names every step, adds up what each leaves, and says whose disk it is', () => {
    const steps = planSteps(disk, memory);
    expect(steps.map(({ step, diskBytes, place }) => [step, diskBytes, place])).toEqual([
      ['prepare-host', TOOLCHAIN_PIN.neededDiskMib * 1024 * 1024, 'host'],
      ['fetch-model', 300, 'host'],
      ['inspect-model', 0, 'dashboard'],
      ['convert-model', 500, 'host'],
      ['quantize', 660, 'host'],
      ['checksum', 660, 'host'],
      ['verify', 660, 'host'],
      ['bring-home', 160, 'dashboard'],
    ]);
    const memoryOf = (step: string) => steps.find((one) => one.step === step)?.memoryBytes;
    expect(['convert-model', 'quantize', 'verify'].map(memoryOf)).toEqual([7, 8, 9]);
  });

  it('measures weights only for types that need it, and quantizes only what is not the base', () => {
    const small = planSteps({ ...disk, outputBytes: { IQ2_M: 50 } }, memory);
    expect(small.find(({ step }) => step === 'imatrix')?.memoryBytes).toBeGreaterThan(disk.baseBytes);
    const floats = planSteps({ ...disk, outputBytes: {} }, memory).map(({ step }) => step);
    expect(floats).not.toContain('quantize');
    expect(floats).not.toContain('imatrix');
  });
});

describe('planWork', () => {
  const fit = {
    ramBytes: 0,
    contextTokens: 0,
    ramByContext: [],
    verdict: 'fits',
    isRecommended: false,
    note: '',
  } as const;
  const work = { baseType: 'F16', sourceBytes: 1000, largestTensorElements: 10 } as const;
  const fits = [
    { ...fit, type: 'F16', sizeBytes: 900 },
    { ...fit, type: 'Q4_K_M', sizeBytes: 300 },
  ] as const;

  it('takes the exact sizes of the fits', () => {
    const steps = planWork({ fits, work, parameterCount: 450 }, ['Q4_K_M']);
    expect(steps.find(({ step }) => step === 'quantize')?.diskBytes).toBe(2200);
    expect(steps.find(({ step }) => step === 'convert-model')?.memoryBytes).toBe(400 * 1024 * 1024 + 80);
  });

  it('plans nothing without weights', () => {
    expect(planWork({ fits: [], work: null, parameterCount: 0 }, ['Q4_K_M'])).toEqual([]);
  });
});
