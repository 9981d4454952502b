import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseIoreg, parseIostat, parseNetstat, parseVmStat } from '../../lib/telemetry/mac-parsers';

// The shapes (titles, spacing, the full stop after a number, rows without an address, two rows of iostat) are those of
// outputs that public projects publish of macOS 12 to 15 on Apple and Intel machines; the numbers are made up.
const VM_STAT = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                4000.
Pages active:                            200000.
Pages inactive:                          190000.
Pages speculative:                         6000.
Pages throttled:                              0.
Pages wired down:                        150000.
Pages purgeable:                            600.
"Translation faults":                 574000000.
File-backed pages:                       140000.
Pages occupied by compressor:            450000.
`;

const NETSTAT = `Name       Mtu   Network       Address            Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll
lo0        16384 <Link#1>                         18381     0    2224104    18381     0    2224104     0
lo0        16384 127           127.0.0.1          18381     -    2224104    18381     -    2224104     -
gif0*      1280  <Link#2>                             0     0          0        0     0          0     0
en0        1500  <Link#6>    f0:18:98:00:00:01  9120000     0 8400000000  4100000     0  640000000     0
en0        1500  fe80::1c3d:  fe80:6::1c3d:1%en0 9120000     - 8400000000  4100000     -  640000000     -
en0        1500  192.168.1     192.168.1.20     9120000     - 8400000000  4100000     -  640000000     -
en5        1500  <Link#4>    ac:de:48:00:11:22    50000     0    6000000    40000     0    7000000     0
awdl0      1484  <Link#9>    0e:00:00:00:00:02      900     0     120000     1200     0     350000     0
utun2      1380  <Link#15>                        80000     0   90000000    60000     0    9000000     0
`;

const IOREG = `+-o IOBlockStorageDriver  <class IOBlockStorageDriver, id 0x100000663, registered, matched, active, busy 0 (117 ms), retain 8>
    {
      "IOClass" = "IOBlockStorageDriver"
      "Statistics" = {"Operations (Write)"=1396,"Latency Time (Write)"=0,"Bytes (Read)"=368261685248,"Errors (Write)"=0,"Bytes (Write)"=222826323968,"Operations (Read)"=12975,"Retries (Write)"=0}
    }

+-o IOBlockStorageDriver  <class IOBlockStorageDriver, id 0x1000009b5, registered, matched, active, busy 0 (91 ms), retain 8>
    {
      "Statistics" = {"Operations (Write)"=3,"Bytes (Read)"=4096,"Bytes (Write)"=512}
    }
`;

const IOSTAT = `              disk0               disk4       cpu    load average
    KB/t  tps  MB/s     KB/t  tps  MB/s  us sy id   1m   5m   15m
   24.89   35  0.85    12.00    0  0.00   5  3 92  2.03 2.24 2.31
  512.00  210 104.9     0.00    0  0.00  61 12 27  2.03 2.24 2.31
`;

describe('tools of macOS', () => {
  it('tell used memory as what is neither free nor only kept in case', () => {
    expect(parseVmStat(VM_STAT, '17179869184\n')).toEqual({
      totalBytes: 17_179_869_184,
      usedBytes: 17_179_869_184 - 200_000 * 16_384,
    });
    expect(parseVmStat(VM_STAT.replace('16384', '4096'), '8589934592')?.usedBytes).toBe(8_589_934_592 - 200_000 * 4096);
    expect(parseVmStat(VM_STAT, '')).toBeNull();
    expect(parseVmStat('', '17179869184')).toBeNull();
  });

  it('tell the traffic of each real interface once, with and without an address', () => {
    expect([...parseNetstat(NETSTAT)]).toEqual([
      ['en0 <Link#6>', { inBytes: 8_400_000_000, outBytes: 640_000_000 }],
      ['en5 <Link#4>', { inBytes: 6_000_000, outBytes: 7_000_000 }],
    ]);
  });

  it('tell the traffic of a tunnel when there is nothing else, also with a column more', () => {
    const text = NETSTAT.split('\n')
      .filter((line) => !line.startsWith('en'))
      .map((line, index) => `${line}${index === 0 ? ' Drop' : '   0'}`)
      .join('\n');
    expect(parseNetstat(text).get('utun2 <Link#15>')).toEqual({ inBytes: 90_000_000, outBytes: 9_000_000 });
    expect(parseNetstat(text).has('lo0 <Link#1>')).toBe(false);
  });

  it('tell what each drive has read and written', () => {
    expect([...parseIoreg(IOREG)]).toEqual([
      ['0x100000663', { inBytes: 368_261_685_248, outBytes: 222_826_323_968 }],
      ['0x1000009b5', { inBytes: 4096, outBytes: 512 }],
    ]);
  });

  it('tell how busy the processor was in the last second, not since the start', () => {
    expect(parseIostat(IOSTAT)).toBe(73);
    expect(parseIostat(IOSTAT.split('\n').slice(0, 3).join('\n'))).toBeNull();
  });

  it('never throw, whatever is there', () => {
    for (let turn = 0; turn < 50; turn += 1) {
      const noise = randomBytes(400).toString('latin1');
      for (const text of [
        '',
        noise,
        `${NETSTAT.slice(0, 110)}\n${noise}`,
        `${IOSTAT}${noise}`,
        `Pages free: ${noise}`,
      ]) {
        expect(() => [parseVmStat(text, noise), parseNetstat(text), parseIoreg(text), parseIostat(text)]).not.toThrow();
      }
    }
  });
});
