import type { ByteCounters } from './proc-parsers';

/** Wi-Fi, Ethernet, Thunderbolt and USB; the rest (utun, awdl, bridge, …) passes one of these a second time. */
const REAL_INTERFACE = /^en\d/;

function toCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : null;
}

/**
 * Used and total memory from `vm_stat` and `sysctl -n hw.memsize`. What is free or only kept in case it is wanted again
 * (inactive, speculative) is not "used": the same as MemAvailable of Linux means.
 */
export function parseVmStat(text: string, memsize: string): { usedBytes: number; totalBytes: number } | null {
  const totalBytes = toCount(memsize.trim());
  const pageBytes = toCount(/page size of (\d{1,7}) bytes/.exec(text)?.[1]);
  const pages = ['free', 'inactive', 'speculative'].map((name) =>
    toCount(new RegExp(`^Pages ${name}:\\s+(\\d{1,15})\\.`, 'm').exec(text)?.[1]),
  );
  if (totalBytes === null || pageBytes === null || pages[0] === null) return null;
  const availableBytes = pages.reduce<number>((sum, count) => sum + (count ?? 0), 0) * pageBytes;
  return { usedBytes: Math.max(0, totalBytes - availableBytes), totalBytes };
}

/**
 * Traffic by interface from `netstat -ibn`. Each interface has a row for every address it bears, all with the same
 * counters: only the one of its link counts. That row's address may be missing, so columns are counted from the right.
 */
export function parseNetstat(text: string): Map<string, ByteCounters> {
  const [header = '', ...lines] = text.trim().split('\n');
  const titles = header.trim().split(/\s+/);
  const fromRight = (title: string) => titles.length - titles.indexOf(title);
  const all = new Map<string, ByteCounters>();
  if (!titles.includes('Ibytes') || !titles.includes('Obytes')) return all;
  for (const line of lines) {
    const fields = line.trim().split(/\s+/);
    const [name = '', , link = ''] = fields;
    const inBytes = toCount(fields.at(-fromRight('Ibytes')));
    const outBytes = toCount(fields.at(-fromRight('Obytes')));
    if (!/^<Link#\d+>$/.test(link) || /^lo\d/.test(name) || inBytes === null || outBytes === null) continue;
    // Older systems cut names off after five letters; the number of the link stays unique.
    all.set(`${name} ${link}`, { inBytes, outBytes });
  }
  const real = new Map([...all].filter(([name]) => REAL_INTERFACE.test(name)));
  return real.size > 0 ? real : all;
}

/** Bytes read (`inBytes`) and written (`outBytes`) by drive, from `ioreg -r -c IOBlockStorageDriver -d 1 -w 0`. */
export function parseIoreg(text: string): Map<string, ByteCounters> {
  const drives = new Map<string, ByteCounters>();
  let drive = '';
  for (const line of text.split('\n')) {
    drive = /\+-o .{1,200}, id (0x[0-9a-f]{1,16}),/.exec(line)?.[1] ?? drive;
    if (!line.includes('"Statistics"')) continue;
    const inBytes = toCount(/"Bytes \(Read\)"=(\d+)/.exec(line)?.[1]);
    const outBytes = toCount(/"Bytes \(Write\)"=(\d+)/.exec(line)?.[1]);
    if (inBytes !== null && outBytes !== null) drives.set(drive, { inBytes, outBytes });
  }
  return drives;
}

/**
 * How busy the processor was in the last second, 0..100, from `iostat -w 1 -c 2`. Its first row is the mean since the
 * start of the machine; macOS hands out no counters of single cores to a shell.
 */
export function parseIostat(text: string): number | null {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const titleRow = lines.findIndex((line) => line.includes('us') && line.includes('id'));
  const titles = lines[titleRow] ?? [];
  const rows = lines.slice(titleRow + 1).filter((line) => line.length === titles.length);
  if (titleRow < 0 || rows.length < 2) return null;
  const idle = toCount(rows.at(-1)?.[titles.indexOf('id')]);
  return idle === null || idle > 100 ? null : 100 - idle;
}
