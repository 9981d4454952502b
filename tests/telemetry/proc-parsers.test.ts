import { describe, expect, it } from 'vitest';
import {
  parseAllowedCores,
  parseCgroupMemory,
  parseCpuQuota,
  parseDiskFree,
  parseDiskstats,
  parseMeminfo,
  parseNetDev,
  parseProcStat,
} from '../../lib/telemetry/proc-parsers';

const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 918273645  100    0    0    0     0          0         0 918273645  100    0    0    0     0       0          0
  eth0:  1000000   700    0    0    0     0          0         0   200000   500    0    0    0     0       0          0
docker0:   50000    70    0    0    0     0          0         0    60000    50    0    0    0     0       0          0
veth12ab:  50000    70    0    0    0     0          0         0    60000    50    0    0    0     0       0          0
`;

const DISKSTATS = ` 259       0 nvme0n1 1000 0 8000 41700 16811 134771 16000 36014 0 19376 78388
 259       1 nvme0n1p1 900 0 7000 41700 16811 134771 15000 36014 0 19376 78388
   8       0 sda 10 0 100 1 20 0 200 1 0 1 1
   8       1 sda1 10 0 100 1 20 0 200 1 0 1 1
   7       0 loop0 5 0 4000 1 0 0 0 0 0 0 0
 253       0 dm-0 5 0 4000 1 5 0 4000 0 0 0 0
 252       0 zram0 5 0 4000 1 5 0 4000 0 0 0 0
   9       0 md127 5 0 4000 1 5 0 4000 0 0 0 0
 202       1 xvda1 10 0 50 1 20 0 60 1 0 1 1
`;

describe('proc-parsers', () => {
  it('counts iowait as idle and leaves guest time out, because user time holds it already', () => {
    const cores = parseProcStat('cpu  10 0 10 70 10 0 0 0 5 0\ncpu0 10 0 10 70 10 0 0 0 5 0\nintr 1\n');
    expect([...cores]).toEqual([[0, { busyTicks: 20, totalTicks: 100 }]]);
  });

  it('reads the list of allowed cores and refuses an absurd range', () => {
    expect(parseAllowedCores('Cpus_allowed_list:\t0-2,8\n')).toEqual(new Set([0, 1, 2, 8]));
    expect(parseAllowedCores('Cpus_allowed_list:\t0-99999999\n')?.size).toBeLessThan(5000);
    expect(parseAllowedCores('')).toBeNull();
  });

  it('takes MemAvailable, and free plus caches on kernels that have none', () => {
    expect(parseMeminfo('MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 600 kB\nCached: 300 kB\n')).toEqual({
      usedBytes: 400 * 1024,
      totalBytes: 1000 * 1024,
    });
    expect(parseMeminfo('MemTotal: 1000 kB\nMemFree: 100 kB\nCached: 300 kB\n')?.usedBytes).toBe(600 * 1024);
    expect(parseMeminfo('nothing here')).toBeNull();
  });

  it('prefers a container limit, without droppable cache, and ignores "no limit" of both cgroup versions', () => {
    const stat = 'anon 5\ninactive_file 300\n';
    expect(parseCgroupMemory({ max: '2000\n', current: '1000\n', stat }, 64_000)).toEqual({
      usedBytes: 700,
      totalBytes: 2000,
    });
    expect(parseCgroupMemory({ max: 'max\n', current: '1000\n', stat }, 64_000)).toBeNull();
    expect(parseCgroupMemory({ max: '9223372036854771712\n', current: '1000\n', stat }, 64_000)).toBeNull();
  });

  it('reads the CPU quota of both cgroup versions', () => {
    expect(parseCpuQuota({ cpuMax: '150000 100000\n', cfsQuota: '', cfsPeriod: '' })).toBe(1.5);
    expect(parseCpuQuota({ cpuMax: 'max 100000\n', cfsQuota: '', cfsPeriod: '' })).toBeNull();
    expect(parseCpuQuota({ cpuMax: '', cfsQuota: '400000\n', cfsPeriod: '100000\n' })).toBe(4);
    expect(parseCpuQuota({ cpuMax: '', cfsQuota: '-1\n', cfsPeriod: '100000\n' })).toBeNull();
  });

  it('leaves out loopback and bridges, but shows a tunnel when there is nothing else', () => {
    expect([...parseNetDev(NET_DEV)]).toEqual([['eth0', { inBytes: 1_000_000, outBytes: 200_000 }]]);
    expect([...parseNetDev('tun0: 5 0 0 0 0 0 0 0 7 0\n').keys()]).toEqual(['tun0']);
  });

  it('counts whole disks once: no partition beside its disk, no loop, mapper, raid or memory device', () => {
    const disks = parseDiskstats(DISKSTATS);
    expect([...disks.keys()]).toEqual(['nvme0n1', 'sda', 'xvda1']);
    expect(disks.get('nvme0n1')).toEqual({ inBytes: 8000 * 512, outBytes: 16000 * 512 });
  });

  it('finds the free space although the device name holds spaces', () => {
    const header = 'Filesystem     1024-blocks      Used Available Capacity Mounted on\n';
    expect(parseDiskFree(`${header}//nas/my share  103081248 12345678  85000000      13% /mnt/x\n`)).toBe(
      85_000_000 * 1024,
    );
    expect(parseDiskFree(`${header}overlay 100 100 -5 100% /\n`)).toBe(0);
    expect(parseDiskFree('df: no such file\n')).toBeNull();
  });
});
