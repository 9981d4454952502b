/** Ticks of one CPU line since boot. `totalTicks` leaves out guest time, which user time already holds. */
export interface CpuTicks {
  readonly busyTicks: number;
  readonly totalTicks: number;
}

/** Bytes moved in both directions since boot. */
export interface ByteCounters {
  readonly inBytes: number;
  readonly outBytes: number;
}

/** The kernel's unit in /proc/diskstats, whatever the device's own sector size is. */
const SECTOR_BYTES = 512;

/** Interfaces whose traffic also passes a real one: bridges, tunnels, container ends, bonds, VLANs. */
const VIRTUAL_INTERFACE =
  /^(veth|docker|br-|virbr|cni|flannel|cali|vxlan|dummy|ifb|sit|tunl|ip6tnl|tun|tap|wg|tailscale|bond|team|lxc|vnet)|\./;

/** Devices made of other devices (their traffic is counted there) or of memory. */
const STACKED_DEVICE = /^(loop|ram|zram|dm-|md|sr|fd|nbd|drbd|bcache)/;

function toNumber(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return null;
  return Number(text);
}

/** `cpu0 1 2 3 …` lines of /proc/stat, keyed by core number. The sum line `cpu` is left out: it is the cores' sum. */
export function parseProcStat(text: string): Map<number, CpuTicks> {
  const cores = new Map<number, CpuTicks>();
  for (const line of text.split('\n')) {
    const match = /^cpu(\d{1,5})\s+(.*)$/.exec(line.trim());
    if (!match) continue;
    const ticks = (match[2] ?? '').split(/\s+/).slice(0, 8).map(Number);
    if (ticks.length < 4 || ticks.some((tick) => !Number.isFinite(tick))) continue;
    const totalTicks = ticks.reduce((sum, tick) => sum + tick, 0);
    const idleTicks = (ticks[3] ?? 0) + (ticks[4] ?? 0);
    cores.set(Number(match[1]), { busyTicks: totalTicks - idleTicks, totalTicks });
  }
  return cores;
}

/** `Cpus_allowed_list: 0-3,8` of /proc/self/status as core numbers; null when it is not there. */
export function parseAllowedCores(text: string): Set<number> | null {
  const list = /Cpus_allowed_list:\s*([0-9,-]+)/.exec(text)?.[1];
  if (list === undefined) return null;
  const cores = new Set<number>();
  for (const part of list.split(',')) {
    const [from, to] = part.split('-').map((edge) => toNumber(edge));
    if (from === null || from === undefined) continue;
    for (let core = from; core <= Math.min(to ?? from, from + 4096); core += 1) cores.add(core);
  }
  return cores.size === 0 ? null : cores;
}

/** Used and total memory from /proc/meminfo. Kernels before 3.14 have no MemAvailable: free plus caches stands for it. */
export function parseMeminfo(text: string): { usedBytes: number; totalBytes: number } | null {
  const kib = new Map<string, number>();
  for (const match of text.matchAll(/^(\w+):\s+(\d+) kB/gm)) kib.set(match[1] ?? '', Number(match[2]));
  const total = kib.get('MemTotal');
  if (total === undefined) return null;
  const free = kib.get('MemFree');
  const caches = (kib.get('Cached') ?? 0) + (kib.get('Buffers') ?? 0) + (kib.get('SReclaimable') ?? 0);
  const available = kib.get('MemAvailable') ?? (free === undefined ? undefined : free + caches);
  if (available === undefined) return null;
  return { usedBytes: Math.max(0, total - available) * 1024, totalBytes: total * 1024 };
}

/**
 * Memory of a limited container, the way `docker stats` counts it: page cache that can be dropped at once is not "used".
 * Null without a limit below the machine's own memory (cgroup 1 writes "no limit" as a huge number, cgroup 2 as `max`).
 */
export function parseCgroupMemory(
  texts: { max: string; current: string; stat: string },
  machineTotalBytes: number | null,
): { usedBytes: number; totalBytes: number } | null {
  const limit = toNumber(texts.max.trim().split(/\s+/)[0]);
  const current = toNumber(texts.current.trim().split(/\s+/)[0]);
  if (limit === null || current === null || limit === 0) return null;
  if (limit >= (machineTotalBytes ?? 2 ** 60)) return null;
  const inactive = /^total_inactive_file (\d+)/m.exec(texts.stat) ?? /^inactive_file (\d+)/m.exec(texts.stat);
  return { usedBytes: Math.max(0, current - Number(inactive?.[1] ?? 0)), totalBytes: limit };
}

/** Cores that the cgroup's quota allows (1.5 is possible), null without a quota. */
export function parseCpuQuota(texts: { cpuMax: string; cfsQuota: string; cfsPeriod: string }): number | null {
  const [quota, period] =
    texts.cpuMax.trim() === '' ? [texts.cfsQuota.trim(), texts.cfsPeriod.trim()] : texts.cpuMax.trim().split(/\s+/);
  const quotaUs = toNumber(quota);
  const periodUs = toNumber(period);
  return quotaUs === null || periodUs === null || periodUs === 0 || quotaUs === 0 ? null : quotaUs / periodUs;
}

/** CPU time that the cgroup has used, microseconds (cgroup 2 `usage_usec`, cgroup 1 `cpuacct.usage` in nanoseconds). */
export function parseCgroupCpuUs(texts: { cpuStat: string; cpuacct: string }): number | null {
  const usage = toNumber(/^usage_usec (\d+)/m.exec(texts.cpuStat)?.[1]);
  if (usage !== null) return usage;
  const nanoseconds = toNumber(texts.cpuacct.trim());
  return nanoseconds === null ? null : nanoseconds / 1000;
}

/** Traffic of /proc/net/dev by interface, without loopback; virtual interfaces only when there is nothing else. */
export function parseNetDev(text: string): Map<string, ByteCounters> {
  const all = new Map<string, ByteCounters>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (colon < 0 || name === '' || name === 'lo') continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    const inBytes = toNumber(fields[0]);
    const outBytes = toNumber(fields[8]);
    if (inBytes !== null && outBytes !== null) all.set(name, { inBytes, outBytes });
  }
  const real = new Map([...all].filter(([name]) => !VIRTUAL_INTERFACE.test(name)));
  return real.size > 0 ? real : all;
}

/**
 * Bytes read (`inBytes`) and written (`outBytes`) of whole disks. A partition whose disk is listed too is left out, so
 * are stacked devices: the same bytes would count twice. A lone partition (some clouds show only `xvda1`) counts.
 */
export function parseDiskstats(text: string): Map<string, ByteCounters> {
  const devices = new Map<string, ByteCounters>();
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    const name = fields[2];
    const readSectors = toNumber(fields[5]);
    const writtenSectors = toNumber(fields[9]);
    if (name === undefined || readSectors === null || writtenSectors === null || STACKED_DEVICE.test(name)) continue;
    devices.set(name, { inBytes: readSectors * SECTOR_BYTES, outBytes: writtenSectors * SECTOR_BYTES });
  }
  return new Map([...devices].filter(([name]) => !isPartition(name, devices)));
}

function isPartition(name: string, devices: ReadonlyMap<string, unknown>): boolean {
  const disk = /^(.*\d)p\d+$/.exec(name)?.[1] ?? /^(.*\D)\d+$/.exec(name)?.[1];
  return disk !== undefined && devices.has(disk);
}

/** Free bytes from `df -Pk`. Counted from the percent sign, because device names may hold spaces. */
export function parseDiskFree(text: string): number | null {
  const match = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+|-)%?\s+\//.exec(text);
  if (!match) return null;
  return Math.max(0, Number(match[3])) * 1024;
}

/** Seconds since the host started, from /proc/uptime. */
export function parseUptime(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s/.exec(`${text.trim()} `);
  return match ? Number(match[1]) : null;
}
