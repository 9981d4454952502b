import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { cpus, homedir, totalmem } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHostFacts, readHostFacts, readHostResources } from '../../lib/ssh/host-facts';
import { makeMacTools } from '../support/mac-like-host';
import { makeTempFolder } from '../support/ssh-temp-folder';

const part = (name: string, text: string) => `\n@@quantdeck-facts:${name}\n${text}`;

const GPU_HOST = [
  'Welcome to vast.ai\n',
  part('os', 'NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 22.04.4 LTS"\nID=ubuntu\n'),
  part('kernel', 'Linux 5.15.0-105-generic\n'),
  part('machine', 'x86_64\n'),
  part('home', '/root\n'),
  part('cores', '64\n'),
  part('cpuinfo', 'model name\t: AMD EPYC 7543 32-Core Processor\n'),
  part('cpu-max', '1600000 100000\n'),
  part('meminfo', 'MemTotal:       263856720 kB\nMemFree:         1234567 kB\nMemAvailable:   200000000 kB\n'),
  part('memory-max', '68719476736\n'),
  part('memory-current', '8589934592\n'),
  part('memory-stat', 'inactive_file 4294967296\n'),
  part(
    'df',
    'Filesystem     1024-blocks     Used Available Capacity Mounted on\noverlay           52428800 12345678  40083122      24% /\n',
  ),
  part('python', '3.10.12\n'),
  part('libc', 'glibc 2.35\n'),
  part('gpu', 'NVIDIA GeForce RTX 4090, 24564, 550.54.15\nNVIDIA GeForce RTX 4090, 24564, 550.54.15\n'),
  part('end', ''),
].join('');

describe('facts of a host', () => {
  it('reads a rented GPU container by its own limits, not by those of the machine', () => {
    expect(parseHostFacts(GPU_HOST)).toEqual({
      os: 'Ubuntu 22.04.4 LTS',
      kernel: 'Linux 5.15.0-105-generic',
      architecture: 'x86_64',
      cores: 16,
      cpuModel: 'AMD EPYC 7543 32-Core Processor',
      memoryTotalBytes: 64 * 1024 ** 3,
      memoryAvailableBytes: 60 * 1024 ** 3,
      diskFreeBytes: 40_083_122 * 1024,
      diskTotalBytes: 52_428_800 * 1024,
      homeFolder: '/root',
      pythonVersion: '3.10.12',
      glibcVersion: '2.35',
      gpus: Array.from({ length: 2 }, () => ({
        name: 'NVIDIA GeForce RTX 4090',
        memoryTotalBytes: 24_564 * 1024 ** 2,
        driver: '550.54.15',
      })),
    });
  });

  it('understands the limits of cgroup v1 and the absence of any', () => {
    const v1 =
      part('cores', '8') +
      part('cfs-quota', '250000\n') +
      part('cfs-period', '100000\n') +
      part('meminfo', 'MemTotal: 1000 kB\nMemFree: 500 kB') +
      part('memory-max', '9223372036854771712\n');
    expect(parseHostFacts(v1)).toMatchObject({ cores: 3, memoryTotalBytes: 1_024_000, memoryAvailableBytes: 512_000 });
    const free =
      part('cores', '8') +
      part('cpu-max', 'max 100000\n') +
      part('cfs-quota', '-1\n') +
      part('cfs-period', '100000') +
      part('memory-max', 'max\n');
    expect(parseHostFacts(free)).toMatchObject({ cores: 8, memoryTotalBytes: null });
  });

  it('counts the allowed cores where nproc is missing', () => {
    expect(parseHostFacts(part('affinity', 'Cpus_allowed_list:\t0-3,8,10-11\n')).cores).toBe(7);
  });

  it('says null for all it was not told', () => {
    const empty = parseHostFacts('');
    expect({ ...empty, gpus: null }).toEqual(Object.fromEntries(Object.keys(empty).map((key) => [key, null])));
    expect(empty.gpus).toEqual([]);
  });

  it('keeps what came before the answer was cut off', () => {
    expect(parseHostFacts(GPU_HOST.slice(0, GPU_HOST.indexOf('df\n')))).toMatchObject({
      cores: 16,
      diskFreeBytes: null,
      gpus: [],
    });
  });

  it('shows no escape sequence and no endless text of a hostile host', () => {
    const facts = parseHostFacts(
      part('os', `PRETTY_NAME="\u001b]0;owned\u0007${'x'.repeat(10_000)}"`) +
        part('cores', '99999999999999999999') +
        part('home', 'relative/../path') +
        part('python', '3.9.1; rm -rf /') +
        part('gpu', '<script>,1,2\nNo devices were found\nNVIDIA-SMI has failed, because\n') +
        part('df', 'x -1 -1 -1 200% /'),
    );
    expect(facts.os?.length).toBe(120);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
    expect(JSON.stringify(facts)).not.toMatch(/[\u0000-\u001f\u007f]/);
    expect(facts).toMatchObject({ cores: null, homeFolder: null, pythonVersion: null, diskFreeBytes: null });
    expect(facts.gpus).toEqual([{ name: '<script>', memoryTotalBytes: 1024 ** 2, driver: '2' }]);
  });

  it('survives random bytes', () => {
    for (let turn = 0; turn < 50; turn += 1) {
      const noise = randomBytes(500).toString('latin1');
      const names = ['os', 'cores', 'cpu-max', 'meminfo', 'memory-max', 'df', 'gpu', 'affinity'];
      expect(() => parseHostFacts(names.map((name) => part(name, noise)).join(''))).not.toThrow();
    }
  });

  it('asks a Mac with its own tools', async () => {
    const { folder, remove } = await makeMacTools();
    const environment = { PATH: folder, HOME: homedir(), QUANTDECK_PROC: '/nowhere' } as unknown as NodeJS.ProcessEnv;
    const facts = parseHostFacts(
      execFileSync('/bin/sh', ['lib/ssh/host/facts.sh'], { encoding: 'utf8', env: environment }),
    );
    await remove();
    expect(facts).toMatchObject({
      os: 'macOS 14.5',
      kernel: 'Darwin 23.5.0',
      architecture: 'arm64',
      cores: 8,
      cpuModel: 'Apple M1',
      memoryTotalBytes: 16 * 1024 ** 3,
      memoryAvailableBytes: (4518 + 191193 + 3014) * 16384,
      homeFolder: homedir(),
      glibcVersion: null,
      gpus: [],
    });
    expect(facts.diskFreeBytes).toBeGreaterThan(0);
  });

  it('agrees with what this machine knows of itself', () => {
    const facts = parseHostFacts(execFileSync('sh', ['lib/ssh/host/facts.sh'], { encoding: 'utf8' }));
    expect(facts).toMatchObject({
      homeFolder: homedir(),
      architecture: expect.stringMatching(/^[a-z0-9_]+$/),
      kernel: expect.stringMatching(/^Linux /),
    });
    expect(facts.cores).toBeLessThanOrEqual(cpus().length);
    expect(facts.memoryTotalBytes).toBeLessThanOrEqual(totalmem());
    expect(facts.diskFreeBytes).toBeGreaterThan(0);
  });

  it.skipIf(!existsSync('/dev/shm'))(
    'measures the disk that jobs write to, wherever their folder is linked to',
    async () => {
      const { folder: home, remove } = await makeTempFolder('facts');
      const elsewhere = mkdtempSync('/dev/shm/quantdeck-');
      const env = { ...process.env, HOME: home };
      const exec = async (command: string) => ({
        stdout: execFileSync('sh', ['-c', command], { encoding: 'utf8', env }),
      });
      const totalBytes = async () => (await readHostResources({ exec })).diskTotalBytes;
      const totalOf = (folder: string) => statfsSync(folder).blocks * statfsSync(folder).bsize;
      const ownBytes = await totalBytes();
      symlinkSync(elsewhere, path.join(home, '.quantdeck'));
      expect(await totalBytes()).toBe(totalOf('/dev/shm'));
      rmSync(path.join(home, '.quantdeck'));
      mkdirSync(path.join(home, '.quantdeck'));
      symlinkSync(elsewhere, path.join(home, '.quantdeck', 'jobs'));
      expect(await totalBytes()).toBe(totalOf('/dev/shm'));
      expect(ownBytes).not.toBe(totalOf('/dev/shm'));
      rmSync(elsewhere, { recursive: true });
      await remove();
    },
  );

  it('starts neither Python nor a driver for who asks for resources alone', async () => {
    const asked: string[] = [];
    const exec = async (command: string) => {
      asked.push(command);
      return { stdout: execFileSync('sh', ['-c', command], { encoding: 'utf8' }) };
    };
    const resources = await readHostResources({ exec });
    const facts = await readHostFacts({ exec });
    expect(resources).toMatchObject({ pythonVersion: null, gpus: [], cores: facts.cores, homeFolder: homedir() });
    expect(resources.diskFreeBytes).toBeGreaterThan(0);
    expect(facts.pythonVersion).toMatch(/^3\./);
    expect(asked[0]).toBe(`programs=no\n${asked[1]}`);
  });
});
