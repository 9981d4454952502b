import { describe, expect, it } from 'vitest';
import type { HostSession } from '../../lib/pipeline/host-port';
import { askResources, type RoomNeeded, refuseTooSmallHost } from '../../lib/pipeline/room-check';
import { type FetchSetting, fetchContext } from '../support/fetch-context';

const GB = 1_000_000_000;
const room: RoomNeeded = { toFetchBytes: 2 * GB, parameterCount: GB, baseType: 'F16' };
let said: string[];

async function check(setting: Partial<FetchSetting>, needed: Partial<RoomNeeded> = {}): Promise<void> {
  said = [];
  const session = { homeFolder: '/home/tester' } as HostSession;
  const source = { kind: 'hub', repo: 'a/b', revision: 'main' } as const;
  const context = fetchContext({ source, session: () => session, said, outputs: ['Q4_K_M'], ...setting });
  return refuseTooSmallHost(context, { ...room, ...needed }, await askResources(context));
}

const refused = (code: string, message: RegExp, remedy = /./) => ({
  failure: { code, message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) },
});

describe('room for a job', () => {
  it('is asked for on the host before the work, with numbers, and said in the log', async () => {
    await check({ diskFreeBytes: () => 6 * GB });
    expect(said.join('\n')).toMatch(/Room on the host: 5\.6 GiB free, 5\.\d GiB needed/);
    expect(said.join('\n')).toMatch(/convert-model: up to 3\.7 GiB of disk, 1\.\d GiB of memory/);
    await expect(check({ diskFreeBytes: () => 4 * GB })).rejects.toMatchObject(
      refused('host-disk-too-small', /^This job needs 5\.\d GiB of free disk on the host, which has 3\.7 GiB\.$/),
    );
    await check({ diskFreeBytes: () => 4 * GB }, { toFetchBytes: 0 });
  });

  it("is asked for on the dashboard's own disk as well, for the files that are not home yet", async () => {
    const little = { bringHome: true, homeFreeBytes: 500_000_000 };
    await expect(check(little)).rejects.toMatchObject(
      refused('dashboard-disk-full', /need 5\d\d\.\d MiB on this computer's disk, which has 476\.8 MiB free/, /fewer/),
    );
    await check({ ...little, bringHome: false });
    await check({ ...little, artifacts: [{ homePath: '/a', sizeBytes: 300_000_000 }] });
    await expect(check({ ...little, artifacts: [{ homePath: null, sizeBytes: 300_000_000 }] })).rejects.toThrow();
    await expect(check({ ...little, homeFreeBytes: GB, outputs: ['F16', 'Q4_K_M'] })).rejects.toThrow();
  });

  it('counts copies that lie on the disk of the host itself', async () => {
    const free = () => 5.6 * GB;
    await check({ bringHome: true, diskFreeBytes: free });
    await expect(check({ bringHome: true, diskFreeBytes: free, isOneDisk: true })).rejects.toMatchObject({
      failure: {
        code: 'host-disk-too-small',
        evidence: [expect.stringMatching(/5\d\d\.\d MiB for the copies that are kept, on the same disk/)],
      },
    });
    await check({ bringHome: false, diskFreeBytes: free, isOneDisk: true });
  });

  it('is asked for in memory, for the hungriest step: the float file whole, where weights are measured', async () => {
    const converting = refused(
      'host-memory-too-small',
      /^Converting this model needs about 1\.\d GiB of memory; the host has 953\.7 MiB/,
    );
    await expect(check({ memoryBytes: GB })).rejects.toMatchObject(converting);
    await check({ memoryBytes: 2 * GB });
    await expect(check({ memoryBytes: 2 * GB, outputs: ['IQ2_M'] })).rejects.toMatchObject(
      refused(
        'host-memory-too-small',
        /^Measuring which weights matter.* needs about 2\.1 GiB of memory; the host has 1\.9 GiB/,
      ),
    );
    // Before headers are read, 32-bit weights look twice as large as what is made of them.
    await check({ memoryBytes: 2 * GB, outputs: ['IQ2_M'] }, { isGuessed: true });
  });
});
