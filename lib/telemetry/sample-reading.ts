import type { GpuSample } from '../domain/sample';
import { parseIoreg, parseIostat, parseNetstat, parseVmStat } from './mac-parsers';
import { parseNvidiaSmi } from './nvidia-smi';
import {
  type ByteCounters,
  type CpuTicks,
  parseAllowedCores,
  parseCgroupCpuUs,
  parseCgroupMemory,
  parseCpuQuota,
  parseDiskFree,
  parseDiskstats,
  parseMeminfo,
  parseNetDev,
  parseProcStat,
  parseUptime,
} from './proc-parsers';

/** One reading of the host's counters, before differences are taken. */
export interface Reading {
  readonly uptimeSeconds: number | null;
  /** Cores that this process may run on. */
  readonly cores: ReadonlyMap<number, CpuTicks>;
  /** 0..100 over the last second, where the host measures it itself (a Mac) and has no counters. */
  readonly cpuPercent: number | null;
  /** Cores by the cgroup's quota, null without one. */
  readonly quotaCores: number | null;
  readonly cgroupCpuUs: number | null;
  readonly memory: { readonly usedBytes: number; readonly totalBytes: number } | null;
  readonly network: ReadonlyMap<string, ByteCounters>;
  readonly disks: ReadonlyMap<string, ByteCounters>;
  /** Undefined when this reading did not look. */
  readonly diskFreeBytes: number | null | undefined;
  readonly gpus: readonly GpuSample[];
}

/** Parses the sections of one reading, as collected between `begin` and `end`. Missing sections give null or nothing. */
export function parseReading(sections: ReadonlyMap<string, string>): Reading {
  const text = (name: string) => sections.get(name) ?? '';
  const allCores = parseProcStat(text('stat'));
  const allowed = parseAllowedCores(text('status'));
  const machine = parseMeminfo(text('meminfo')) ?? parseVmStat(text('vm-stat'), text('memsize'));
  const cgroupTexts = { max: text('memory-max'), current: text('memory-current'), stat: text('memory-stat') };
  return {
    uptimeSeconds: parseUptime(text('uptime')),
    cores: allowed ? new Map([...allCores].filter(([core]) => allowed.has(core))) : allCores,
    cpuPercent: parseIostat(text('iostat')),
    quotaCores: parseCpuQuota({ cpuMax: text('cpu-max'), cfsQuota: text('cfs-quota'), cfsPeriod: text('cfs-period') }),
    cgroupCpuUs: parseCgroupCpuUs({ cpuStat: text('cpu-stat'), cpuacct: text('cpuacct') }),
    memory: parseCgroupMemory(cgroupTexts, machine?.totalBytes ?? null) ?? machine,
    network: sections.has('netstat') ? parseNetstat(text('netstat')) : parseNetDev(text('net')),
    disks: sections.has('ioreg') ? parseIoreg(text('ioreg')) : parseDiskstats(text('diskstats')),
    diskFreeBytes: sections.has('df') ? parseDiskFree(text('df')) : undefined,
    gpus: parseNvidiaSmi(text('gpu')),
  };
}
