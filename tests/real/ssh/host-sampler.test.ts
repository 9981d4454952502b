import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostSample } from '../../../lib/domain/sample';
import { createSampleReader } from '../../../lib/telemetry/host-sampler';
import { hostSamplerScript } from '../../../lib/telemetry/host-sampler-script';
import { makeMacTools } from '../../support/mac-like-host';
import { makeTempFolder } from '../../support/ssh-temp-folder';

interface Counters {
  uptime: number;
  busy?: number;
  idle?: number;
  received?: number;
  written?: number;
  extra?: string;
}

function reading({ uptime, busy = 0, idle = 0, received = 0, written = 0, extra = '' }: Counters): string {
  return [
    '@@quantdeck:begin',
    `@@quantdeck:uptime\n${uptime} 1.0`,
    `@@quantdeck:stat\ncpu  1 1 1 1\ncpu0 ${busy} 0 0 ${idle} 0 0 0 0\ncpu1 0 0 0 ${busy + idle} 0 0 0 0`,
    '@@quantdeck:meminfo\nMemTotal: 1000 kB\nMemAvailable: 400 kB',
    `@@quantdeck:net\neth0: ${received} 0 0 0 0 0 0 0 10 0`,
    `@@quantdeck:diskstats\n 8 0 sda 1 0 0 0 1 0 ${written} 0 0 0 0`,
    extra,
    '@@quantdeck:end\n',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('createSampleReader', () => {
  it('gives null rates at first, then differences over the time of the host, not of our clock', () => {
    let now = 1000;
    const reader = createSampleReader(() => now);
    const [first] = reader.push(bytes(reading({ uptime: 10 })));
    now = 9000; // the network held the second reading back for eight seconds
    const [second] = reader.push(bytes(reading({ uptime: 12, busy: 150, idle: 50, received: 4096, written: 8 })));
    expect(first).toMatchObject({ atMs: 1000, cpuPercent: null, corePercents: [], networkReceiveBytesPerSecond: null });
    expect(second).toMatchObject({
      atMs: 9000,
      cpuPercent: 37.5,
      corePercents: [75, 0],
      networkReceiveBytesPerSecond: 2048,
      diskWriteBytesPerSecond: (8 * 512) / 2,
      memoryUsedBytes: 600 * 1024,
      gpus: [],
    });
  });

  it('gives the same samples however the output is cut', () => {
    const text =
      reading({ uptime: 1 }) + reading({ uptime: 2, received: 100, extra: '@@quantdeck:gpu\n0, Größe, 1, 2, 3, 4, 5' });
    const whole = createSampleReader(() => 0).push(bytes(text));
    const reader = createSampleReader(() => 0);
    const pieces: HostSample[] = [];
    for (const byte of bytes(text)) pieces.push(...reader.push(Uint8Array.of(byte)));
    expect(pieces).toEqual(whole);
    expect(whole[1]?.gpus[0]?.name).toBe('Größe');
  });

  it('gives null for counters that went back, and goes on from there', () => {
    const reader = createSampleReader(() => 0);
    const texts = [
      reading({ uptime: 1, received: 5000, busy: 500, idle: 500 }),
      reading({ uptime: 2, received: 10, busy: 10, idle: 10 }),
      reading({ uptime: 3, received: 110, busy: 20, idle: 20 }),
      reading({ uptime: 0.5, received: 120, busy: 21, idle: 21 }),
    ];
    const samples = texts.flatMap((text) => reader.push(bytes(text)));
    expect(samples.map((sample) => sample.networkReceiveBytesPerSecond)).toEqual([null, null, 100, null]);
    expect(samples.map((sample) => sample.cpuPercent)).toEqual([null, null, 25, 25]);
  });

  it('keeps the free space between the readings that look at it', () => {
    const reader = createSampleReader(() => 0);
    const df = '@@quantdeck:df\nFilesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda 100 50 50 50% /';
    const samples = [reading({ uptime: 1, extra: df }), reading({ uptime: 2 })].flatMap((text) =>
      reader.push(bytes(text)),
    );
    expect(samples.map((sample) => sample.diskFreeBytes)).toEqual([50 * 1024, 50 * 1024]);
  });

  it('measures a container with a quota against its quota, not against its neighbours', () => {
    const quota = (usage: number) => `@@quantdeck:cpu-max\n100000 100000\n@@quantdeck:cpu-stat\nusage_usec ${usage}`;
    const reader = createSampleReader(() => 0);
    const samples = [
      reading({ uptime: 1, busy: 0, extra: quota(0) }),
      reading({ uptime: 2, busy: 100, extra: quota(250_000) }),
    ].flatMap((text) => reader.push(bytes(text)));
    expect(samples[1]).toMatchObject({ cpuPercent: 25, corePercents: [] });
  });

  it('throws away an endless reading instead of holding it in memory', () => {
    const reader = createSampleReader(() => 0);
    reader.push(bytes('@@quantdeck:begin\n@@quantdeck:stat\n'));
    for (let index = 0; index < 300; index += 1) reader.push(bytes(`${'x'.repeat(10_000)}\n`));
    expect(reader.push(bytes('@@quantdeck:end\n'))).toEqual([]);
    expect(reader.push(bytes(reading({ uptime: 1 })))).toHaveLength(1);
  });

  describe.skipIf(process.platform !== 'linux')('reads this very machine through the real loop', () => {
    async function samplesOf(environment: NodeJS.ProcessEnv): Promise<HostSample[]> {
      const script = hostSamplerScript("'/tmp/not there/it'\\''s $(nothing)'");
      const child = spawn('/bin/sh', ['-c', script], { env: environment });
      const reader = createSampleReader(Date.now);
      const samples: HostSample[] = [];
      child.stdout.on('data', (chunk: Buffer) => {
        samples.push(...reader.push(chunk));
        // Closing the pipe is how the dashboard stops the loop.
        if (samples.length >= 2) child.stdout.destroy();
      });
      await once(child, 'exit');
      return samples;
    }

    function expectWhole(sample: HostSample | undefined): void {
      expect(sample?.cpuPercent).toBeGreaterThanOrEqual(0);
      expect(sample?.memoryTotalBytes).toBeGreaterThan(1e8);
      expect(sample?.memoryUsedBytes).toBeGreaterThan(1e6);
      expect(sample?.networkReceiveBytesPerSecond).toBeGreaterThanOrEqual(0);
      expect(sample?.diskWriteBytesPerSecond).toBeGreaterThanOrEqual(0);
      expect(sample?.diskFreeBytes).toBeGreaterThan(0);
    }

    it.concurrent('for a path that does not exist yet', async () => {
      expectWhole((await samplesOf(process.env)).at(-1));
    });

    it.concurrent('without awk, and with a GPU whose driver answers once', async () => {
      const { folder, remove } = await makeTempFolder('no-awk');
      for (const tool of ['cat', 'grep', 'df', 'sleep', 'timeout', 'rm', 'sh'])
        await symlink(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), path.join(folder, tool));
      const driver = '#!/bin/sh\nrm "$0" && echo "0, Tesla T4, 7, 100, 15360, 40, 30.5"\n';
      await writeFile(path.join(folder, 'nvidia-smi'), driver, { mode: 0o700 });
      const samples = await samplesOf({ PATH: folder } as unknown as NodeJS.ProcessEnv);
      await remove();
      expectWhole(samples.at(-1));
      expect(samples.map(({ gpus }) => gpus.length)).toEqual([1, 0]);
    });

    const awks = ['/usr/bin/mawk', '/usr/bin/gawk', '/usr/bin/busybox'].filter(existsSync);
    it.concurrent.each(awks)('with %s as awk, and such a GPU', async (found) => {
      const { folder, remove } = await makeTempFolder('awk');
      await symlink(found, path.join(folder, 'awk'));
      const driver = '#!/bin/sh\nrm "$0" && echo "0, Tesla T4, 7, 100, 15360, 40, 30.5"\n';
      await writeFile(path.join(folder, 'nvidia-smi'), driver, { mode: 0o700 });
      const samples = await samplesOf({ ...process.env, PATH: `${folder}:${process.env['PATH']}` });
      await remove();
      expectWhole(samples.at(-1));
      expect(samples.map(({ gpus }) => gpus.length)).toEqual([1, 0]);
    });
  });

  it('reads a Mac through the real loop: what its tools say, and gaps for the rest', async () => {
    const { folder, remove } = await makeMacTools();
    const child = spawn('/bin/sh', ['-c', hostSamplerScript('/tmp')], {
      env: { PATH: folder, QUANTDECK_PROC: '/nowhere' } as unknown as NodeJS.ProcessEnv,
    });
    const reader = createSampleReader(Date.now);
    const samples: HostSample[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      samples.push(...reader.push(chunk));
      if (samples.length >= 3) child.stdout.destroy();
    });
    await once(child, 'exit');
    await remove();
    const last = samples.at(-1);
    expect(last).toMatchObject({
      cpuPercent: 18,
      corePercents: [],
      memoryTotalBytes: 16 * 1024 ** 3,
      memoryUsedBytes: 16 * 1024 ** 3 - (4518 + 191193 + 3014) * 16384,
      diskReadBytesPerSecond: 0,
      networkSendBytesPerSecond: 0,
      gpus: [],
    });
    // The stand-ins count by the clock's whole seconds: one or two of them lie between two readings.
    expect(last?.networkReceiveBytesPerSecond).toBeGreaterThan(400);
    expect(last?.networkReceiveBytesPerSecond).toBeLessThan(2100);
    expect(last?.diskWriteBytesPerSecond).toBeGreaterThan(800);
    expect(last?.diskFreeBytes).toBeGreaterThan(0);
  });
});
