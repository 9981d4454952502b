import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepOf } from '../support/dashboard-api';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { expectWorks } from '../support/dashboard-evidence';
import { Dashboard } from '../support/dashboard-process';
import { makeTempFolder } from '../support/ssh-temp-folder';

/** Less than the float file of 27 MB. */
const TOO_SMALL = 'size=18m';
/** A tmpfs takes no memory for what is not written to it. */
const ENOUGH = 'size=2g';
const canMount = await mayMount();
const title = 'A host whose disk fills up';

describe.skipIf(!canMount)(canMount ? title : `${title} [skipped: a tmpfs may not be mounted here]`, () => {
  let dashboard: Dashboard;
  let disk = '';
  beforeAll(async () => {
    dashboard = await Dashboard.start();
    disk = path.join(dashboard.homeFolder, '.quantdeck', 'jobs');
    mkdirSync(disk);
    mount(disk, [TOO_SMALL]);
  });
  afterAll(async () => {
    await dashboard.end('SIGTERM');
    execFileSync('umount', ['--lazy', disk]);
    await dashboard.remove();
  });

  it('is refused before the work, fails in words when it fills up in the middle, and works once there is room', async () => {
    const source = { kind: 'folder' as const, path: await tinyCheckpoint() };
    const jobId = await dashboard.api.startJob({ source, outputs: ['F16'] });
    const refused = await dashboard.api.ended(jobId);
    expect(refused.failure).toMatchObject({
      code: 'host-disk-too-small',
      message: expect.stringMatching(/^This job needs \d+\.\d MiB of free disk on the host, which has 1\d\.\d MiB\.$/),
      remedy: expect.stringMatching(/free some space/i),
    });
    expect(refused.artifacts).toEqual([]);

    mount(disk, ['remount', ENOUGH]);
    await dashboard.api.post(`/api/v1/jobs/${jobId}/retry`);
    await dashboard.api.until(jobId, (job) => stepOf(job, 'convert-model').attempts.length === 1);
    mount(disk, ['remount', TOO_SMALL]);
    const failed = await dashboard.api.ended(jobId);
    expect(failed.status).toBe('failed');
    expect(failed.failure?.code).toBe('disk-full');
    expect(failed.failure?.remedy).toMatch(/free|space/i);
    expect(failed.failure?.evidence.join('\n')).toMatch(/free space|No space left/);
    expect(stepOf(failed, 'convert-model').status).toBe('failed');
    expect(stepOf(failed, 'inspect-model').status).toBe('succeeded');
    expect(failed.artifacts).toEqual([]);

    mount(disk, ['remount', ENOUGH]);
    await dashboard.api.post(`/api/v1/jobs/${jobId}/retry`);
    const job = await dashboard.api.ended(jobId);
    expectWorks(job);
    expect(stepOf(job, 'convert-model').attempts).toHaveLength(2);
    expect(stepOf(job, 'inspect-model').startedAt).toBe(stepOf(failed, 'inspect-model').startedAt);
  });
});

function mount(folder: string, options: readonly string[]): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', folder], { stdio: 'pipe' });
}

/** Root of a container may still lack the right to mount. */
async function mayMount(): Promise<boolean> {
  const { folder, remove } = await makeTempFolder('mount');
  try {
    mount(folder, ['size=1m']);
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    await remove();
  }
}
