import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepOf } from '../../support/dashboard-api';
import { tinyCheckpoint } from '../../support/dashboard-checkpoint';
import { expectLogsEqual, expectRanOnce, expectWorks, processesOf } from '../../support/dashboard-evidence';
import { addInstance, startSshdFor, untilChecked } from '../../support/dashboard-host';
import { Dashboard } from '../../support/dashboard-process';
import { makeMacTools } from '../../support/mac-like-host';
import { hasSshd, type SshdHost } from '../../support/sshd-host';

describe.skipIf(!hasSshd)('A host with the tools of macOS and no /proc', () => {
  let dashboard: Dashboard;
  let tools: Awaited<ReturnType<typeof makeMacTools>>;
  let host: SshdHost;
  let instanceId = '';
  beforeAll(async () => {
    dashboard = await Dashboard.start();
    tools = await makeMacTools();
    host = await startSshdFor(dashboard.api, { PATH: tools.folder, QUANTDECK_PROC: '/nowhere' });
    instanceId = (await addInstance(dashboard.api, host.port)).id;
  });
  afterAll(async () => {
    await dashboard.remove();
    await host.stop();
    await tools.remove();
  });

  it('is checked like any other', async () => {
    await dashboard.api.post(`/api/v1/instances/${instanceId}/check`);
    const { failure, facts } = await untilChecked(dashboard.api, instanceId);
    expect(failure).toBeNull();
    expect(facts).toMatchObject({ os: 'macOS 14.5', kernel: 'Darwin 23.5.0', cores: 8, cpuModel: 'Apple M1' });
  });

  it('does a whole job, from the copied model to files that come home', async () => {
    const source = { kind: 'folder' as const, location: 'dashboard' as const, path: await tinyCheckpoint() };
    const jobId = await dashboard.api.startJob({ source, instanceId, outputs: ['F16', 'Q4_K_M'], threads: 2 });
    const job = await dashboard.api.ended(jobId);
    expectWorks(job);
    await expectRanOnce(dashboard.api, job, host.homeFolder);
    for (const { fileName, sha256, sizeBytes } of job.artifacts) {
      const stamp = readFileSync(path.join(host.homeFolder, '.quantdeck/jobs', jobId, 'out', `${fileName}.sha256`));
      expect(stamp.toString()).toMatch(new RegExp(`^${sha256} ${sizeBytes} \\d{10}\\n$`));
    }
    // Written only where processes are known by ps.
    const attempts = job.steps.flatMap((step) => step.attempts);
    expect(attempts.some(({ id }) => existsSync(path.join(host.homeFolder, '.quantdeck/attempts', id, 'groups')))).toBe(
      true,
    );
  });

  it('ends the converter with all its processes when the job is canceled', async () => {
    const source = { kind: 'folder' as const, location: 'dashboard' as const, path: await tinyCheckpoint() };
    const jobId = await dashboard.api.startJob({ source, instanceId, outputs: ['BF16'] });
    let converting = '';
    while (converting === '') {
      const attempt = stepOf(await dashboard.api.until(jobId, () => true), 'convert-model').attempts.at(-1);
      const runs = attempt && processesOf(attempt.id).some((command) => command.includes('convert_hf_to_gguf.py'));
      if (runs) converting = attempt.id;
      await sleep(20);
    }
    await dashboard.api.post(`/api/v1/jobs/${jobId}/cancel`);
    const job = await dashboard.api.ended(jobId, 15_000);
    expect(job.status).toBe('canceled');
    expect(processesOf(converting)).toEqual([]);
    await expectLogsEqual(dashboard.api, job, host.homeFolder);
  });
});
