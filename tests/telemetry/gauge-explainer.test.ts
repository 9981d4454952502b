import { describe, expect, it } from 'vitest';
import type { Progress } from '../../lib/domain/progress';
import type { GpuSample, HostSample } from '../../lib/domain/sample';
import { explainGauges } from '../../lib/telemetry/gauge-explainer';
import { steadySamples } from '../support/steady-samples';

const MIB = 1024 * 1024;
const IDLE_GPU: GpuSample = {
  index: 0,
  name: 'RTX',
  utilizationPercent: 0,
  memoryUsedBytes: 0,
  memoryTotalBytes: 1,
  temperatureCelsius: 30,
  powerWatts: 9,
};

const samples = (fields: Partial<HostSample>, count?: number) => steadySamples({ gpus: [IDLE_GPU], ...fields }, count);

function progress(fields: Partial<Progress>): Progress {
  return {
    phase: 'working',
    fraction: null,
    done: null,
    total: null,
    unit: null,
    speedBytesPerSecond: null,
    etaMs: null,
    detail: null,
    ...fields,
  };
}

const busy = { cpuPercent: 97, corePercents: Array.from({ length: 8 }, () => 97) };

describe('explainGauges', () => {
  it('says that quantizing needs no GPU and how many cores work', () => {
    expect(
      explainGauges({ stepKind: 'quantize', samples: samples(busy), progress: null, quietMs: 0, isAlone: true }),
    ).toBe('Quantizing runs on the CPU: 0 % GPU is normal. All 8 cores busy.');
    const half = { cpuPercent: 50, corePercents: [100, 100, 100, 100, 0, 0, 0, 0] };
    expect(
      explainGauges({ stepKind: 'quantize', samples: samples(half), progress: null, quietMs: 0, isAlone: true }),
    ).toContain('4 of 8 cores busy.');
    const quota = { cpuPercent: 98, corePercents: [] };
    expect(
      explainGauges({ stepKind: 'quantize', samples: samples(quota), progress: null, quietMs: 0, isAlone: true }),
    ).toContain('98 % of the CPU in use.');
  });

  it('says what downloading, converting, hashing and bringing home are bound by, with the speed', () => {
    const line = (
      stepKind: Parameters<typeof explainGauges>[0]['stepKind'],
      fields: Partial<HostSample>,
      at: Progress | null = null,
    ) => explainGauges({ stepKind, samples: samples(fields), progress: at, quietMs: 0, isAlone: true });
    expect(line('fetch-model', {}, progress({ speedBytesPerSecond: 93 * MIB }))).toBe(
      'Downloading is bound by the network: 93.0 MiB/s.',
    );
    expect(line('fetch-model', { diskReadBytesPerSecond: 400 * MIB }, progress({ phase: 'checking hashes' }))).toBe(
      'Checking hashes is one thread and the disk: reading 400.0 MiB/s.',
    );
    expect(line('convert-model', { diskWriteBytesPerSecond: 210 * MIB })).toBe(
      'Converting is one thread and the disk: writing 210.0 MiB/s.',
    );
    expect(line('checksum', { diskReadBytesPerSecond: 300 * MIB })).toContain('reading 300.0 MiB/s');
    expect(line('bring-home', { networkSendBytesPerSecond: 44 * MIB })).toContain('44.0 MiB/s');
    expect(line('prepare-host', busy)).toBe('Building runs on the CPU: 0 % GPU is normal. All 8 cores busy.');
    expect(line('verify', busy)).toContain('All 8 cores busy.');
  });

  it('calls a step stuck when it is silent for minutes on an idle host, and names what it hangs on', () => {
    const quiet = {
      stepKind: 'fetch-model' as const,
      samples: samples({ corePercents: [1, 1], cpuPercent: 1 }),
      quietMs: 245_000,
      isAlone: true,
    };
    expect(explainGauges({ ...quiet, progress: progress({ detail: 'model-00002.safetensors' }) })).toBe(
      'No new output for 4 minutes and the host is idle: probably stuck on model-00002.safetensors.',
    );
  });

  it('never calls silence stuck while one core of sixty-four works, and never because the GPU is idle', () => {
    const oneCore = { cpuPercent: 1.6, corePercents: [100, ...Array.from({ length: 63 }, () => 0)] };
    const quiet = {
      stepKind: 'convert-model' as const,
      samples: samples(oneCore),
      progress: null,
      quietMs: 600_000,
    };
    expect(explainGauges({ ...quiet, isAlone: true })).toBe(
      'No new output for 10 minutes, but the host is working: 2 % CPU.',
    );
    expect(explainGauges({ ...quiet, isAlone: false })).toBe(
      'No new output for 10 minutes, but the host is working (on other steps of this job as well): 2 % CPU.',
    );
  });

  it('does not let a busy GPU hide a stuck step, nor an idle GPU make one', () => {
    const idle = samples({ corePercents: [0, 0], cpuPercent: 0 });
    const hot = idle.map((sample) => ({ ...sample, gpus: [{ ...IDLE_GPU, utilizationPercent: 99 }] }));
    const ask = (given: HostSample[]) =>
      explainGauges({ stepKind: 'verify', samples: given, progress: null, quietMs: 300_000, isAlone: true });
    expect(ask(hot)).toBe(ask(idle));
    expect(ask(idle)).toContain('probably stuck');
  });

  it('does not call unknown idle: without CPU readings, or with too few, there is no verdict', () => {
    const blind = samples({ cpuPercent: null });
    expect(
      explainGauges({ stepKind: 'inspect-model', samples: blind, progress: null, quietMs: 600_000, isAlone: true }),
    ).toBeNull();
    expect(
      explainGauges({
        stepKind: 'inspect-model',
        samples: samples({}, 2),
        progress: null,
        quietMs: 600_000,
        isAlone: true,
      }),
    ).toBeNull();
    expect(explainGauges({ stepKind: 'quantize', samples: [], progress: null, quietMs: 0, isAlone: true })).toBeNull();
  });
});
