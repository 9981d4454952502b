import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HostFacts } from '../domain/instance';
import { defaultAssetsFolder } from './host-program';
import { printable } from './printable-text';

const MARK = '@@quantdeck-facts:';
const KIB = 1024;
const MIB = 1024 * 1024;
const MAX_GPUS = 64;
const TIMEOUT_MS = 60_000;

/** What reading the facts needs of a session. */
export interface FactsSession {
  exec(
    command: string,
    options?: { timeoutMs?: number; signal?: AbortSignal; maxBytes?: number },
  ): Promise<{ stdout: string }>;
}

interface FactsOptions {
  readonly assetsFolder?: string;
  readonly signal?: AbortSignal;
}

/** Reads what a host is and has. Changes nothing there. Throws what the session's exec throws. */
export function readHostFacts(session: FactsSession, options: FactsOptions = {}): Promise<HostFacts> {
  return runFacts(session, '', options);
}

/** The same without Python and GPUs, which nobody who asks before a step of a job looks at: a tenth of the time. */
export function readHostResources(
  session: FactsSession,
  options: FactsOptions = {},
): Promise<Omit<HostFacts, 'pythonVersion' | 'gpus'>> {
  return runFacts(session, 'programs=no\n', options);
}

async function runFacts(session: FactsSession, settings: string, options: FactsOptions): Promise<HostFacts> {
  const text = await readFile(path.join(options.assetsFolder ?? defaultAssetsFolder(), 'facts.sh'), 'utf8');
  const script = settings + text;
  const signal = options.signal ? { signal: options.signal } : {};
  const answer = await session.exec(script, { timeoutMs: TIMEOUT_MS, maxBytes: 256 * KIB, ...signal });
  return parseHostFacts(answer.stdout);
}

/**
 * Facts from the output of `host/facts.sh`. Parts that are missing, empty or make no sense become null: a host may answer
 * anything. In a container the limits of its cgroup count, not the size of the machine.
 */
export function parseHostFacts(output: string): HostFacts {
  const parts = splitParts(output);
  const text = (name: string) => parts.get(name) ?? '';
  const disk = diskOf(text('df'));
  const memory = memoryOf(text);
  return {
    os: osName(text('os')),
    kernel: shortText(text('kernel')),
    architecture: shortText(text('machine')),
    cores: coresOf(text),
    cpuModel: shortText(text('cpuinfo').replace(/^[^:]*:/, '')),
    memoryTotalBytes: memory.total,
    memoryAvailableBytes: memory.available,
    diskFreeBytes: disk.free,
    diskTotalBytes: disk.total,
    homeFolder: absoluteFolder(text('home')),
    pythonVersion: /^(\d{1,2}\.\d{1,3}\.\d{1,3})\s*$/m.exec(text('python'))?.[1] ?? null,
    glibcVersion: /^glibc (\d{1,2}\.\d{1,3})/m.exec(text('libc'))?.[1] ?? null,
    gpus: gpusOf(text('gpu')),
  };
}

function splitParts(output: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const piece of output.split(`\n${MARK}`).slice(1)) {
    const lineEnd = piece.indexOf('\n');
    if (lineEnd >= 0) parts.set(piece.slice(0, lineEnd).trim(), piece.slice(lineEnd + 1).trim());
  }
  return parts;
}

function shortText(text: string): string | null {
  const line = printable(text, 120);
  return line === '' ? null : line;
}

function absoluteFolder(text: string): string | null {
  return /^\/[^\0\r\n]{0,4000}$/.test(text) ? text : null;
}

function osName(osRelease: string): string | null {
  const value = (name: string) =>
    new RegExp(`^${name}=(?:"([^"\\n]*)"|'([^'\\n]*)'|(\\S+))\\s*$`, 'm').exec(osRelease)?.slice(1).find(Boolean);
  return shortText(value('PRETTY_NAME') ?? value('NAME') ?? '');
}

/** A whole number of at most 2^53, or null. */
function count(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

type PartText = (name: string) => string;

function coresOf(text: PartText): number | null {
  const online = count(printable(text('cores'), 20)) ?? affinityCount(text('affinity'));
  const quotas = text('cpu-max')
    .split('\n')
    .map((line) => /^(\d{1,12}) (\d{1,12})$/.exec(line.trim()))
    .map((match) => (match ? Number(match[1]) / Number(match[2]) : null));
  // cgroup v1 says -1 for "no limit", which does not match.
  const quota = count(text('cfs-quota').trim());
  const period = count(text('cfs-period').trim());
  if (quota !== null && period !== null && period > 0) quotas.push(quota / period);
  const limits = [online, ...quotas].filter(
    (value) => value !== null && Number.isFinite(value) && value > 0,
  ) as number[];
  return limits.length === 0 ? null : Math.max(1, Math.round(Math.min(...limits)));
}

/** Counts a list such as `0-3,8`. */
function affinityCount(line: string): number | null {
  const list = /^Cpus_allowed_list:\s*([\d,-]{1,1000})\s*$/.exec(line)?.[1];
  if (list === undefined) return null;
  return list.split(',').reduce((sum, part) => {
    const [from, to] = part.split('-').map(Number);
    return sum + Math.max(0, (to ?? from ?? 0) - (from ?? 0) + 1);
  }, 0);
}

function memoryOf(text: PartText): { total: number | null; available: number | null } {
  const kilobytes = (name: string) => count(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text('meminfo'))?.[1]);
  const machineTotal = scaled(kilobytes('MemTotal'), KIB);
  const machineAvailable = scaled(kilobytes('MemAvailable') ?? kilobytes('MemFree'), KIB);
  // cgroup v1 writes "no limit" as a number near 2^63, v2 as "max"; neither is smaller than the machine.
  const limits = text('memory-max')
    .split('\n')
    .map((line) => count(line.trim()))
    .filter((value) => value !== null);
  const limit = limits.length === 0 ? null : Math.min(...limits);
  const used = count(text('memory-current').split('\n')[0]?.trim());
  const reclaimable = count(/^inactive_file (\d+)$/m.exec(text('memory-stat'))?.[1]) ?? 0;
  const left = limit === null || used === null ? null : Math.max(0, limit - used + reclaimable);
  return { total: smaller(machineTotal, limit), available: smaller(machineAvailable, left) };
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

function smaller(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

/** A device name may hold spaces, so the line is read from its numbers. */
function diskOf(df: string): { total: number | null; free: number | null } {
  const match = /\s(\d{1,16})\s+\d{1,16}\s+(-?\d{1,16})\s+(?:\d{1,3}%|-)\s+\//.exec(df.split('\n').at(-1) ?? '');
  if (!match) return { total: null, free: null };
  return { total: scaled(count(match[1]), KIB), free: Math.max(0, Number(match[2])) * KIB };
}

function gpusOf(csv: string): HostFacts['gpus'] {
  return csv
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 3 && cells[0] !== '' && /^\d+(\.\d+)*$/.test(cells[2] ?? ''))
    .slice(0, MAX_GPUS)
    .map(([name, megabytes, driver]) => ({
      name: printable(name ?? '', 80),
      memoryTotalBytes: scaled(count(megabytes), MIB),
      driver: printable(driver ?? '', 40),
    }));
}
