import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepOf } from '../support/dashboard-api';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { expectRanOnce, expectWorks, processesOf } from '../support/dashboard-evidence';
import { addInstance, killSshd, startSshdFor } from '../support/dashboard-host';
import { Dashboard } from '../support/dashboard-process';
import { type CutProxy, startCutProxy } from '../support/ssh-cut-proxy';
import { hasSshd, type SshdHost } from '../support/sshd-host';

const CUT_EVERY_MS = 800;

describe.skipIf(!hasSshd)('A job on a host behind a bad link', () => {
  let source = { kind: 'folder' as const, path: '' };
  let dashboard: Dashboard;
  const hosts: SshdHost[] = [];
  const proxies: CutProxy[] = [];
  beforeAll(async () => {
    source = { kind: 'folder', path: await tinyCheckpoint() };
    dashboard = await Dashboard.start();
  });
  afterAll(async () => {
    await dashboard.remove();
    for (const proxy of proxies) await proxy.close();
    for (const host of hosts) await host.stop();
  });

  async function startHost(): Promise<SshdHost> {
    const host = await startSshdFor(dashboard.api);
    hosts.push(host);
    return host;
  }

  it('works although the connection is reset more than once a second, with every byte of every log', async () => {
    const host = await startHost();
    const proxy = await startCutProxy(host.port);
    proxies.push(proxy);
    const { id: instanceId } = await addInstance(dashboard.api, proxy.port);
    const jobId = await dashboard.api.startJob({ source, instanceId, outputs: ['F16', 'Q8_0'] });
    await dashboard.api.stepRunning(jobId, 'convert-model');
    let cuts = 0;
    const cutting = setInterval(() => {
      proxy.cut();
      cuts += 1;
    }, CUT_EVERY_MS);
    try {
      const job = await dashboard.api.ended(jobId, 100_000);
      expectWorks(job);
      await expectRanOnce(dashboard.api, job, host.homeFolder);
      expect(cuts).toBeGreaterThan(4);
    } finally {
      clearInterval(cutting);
    }
  });

  it('says since when the host is away, and goes on with the same command when it is back', async () => {
    const host = await startHost();
    const { id: instanceId } = await addInstance(dashboard.api, host.port);
    const jobId = await dashboard.api.startJob({ source, instanceId, outputs: ['F16'] });
    await dashboard.api.until(jobId, (job) => stepOf(job, 'convert-model').attempts.length === 1);
    await sleep(500);
    killSshd(host);
    const away = await dashboard.api.until(jobId, (job) => job.unreachableSince !== null, 30_000);
    expect(away.status).toBe('running');
    await host.restart();
    const back = await dashboard.api.until(jobId, (job) => job.unreachableSince === null, 40_000);
    expect(back.status).toBe('running');
    const job = await dashboard.api.ended(jobId);
    expectWorks(job);
    await expectRanOnce(dashboard.api, job, host.homeFolder);
    expect(stepOf(job, 'convert-model').attempts).toHaveLength(1);
  });

  it('cancels once the host is back when it was away at the time of asking', async () => {
    const host = await startHost();
    const { id: instanceId } = await addInstance(dashboard.api, host.port);
    const jobId = await dashboard.api.startJob({ source, instanceId, outputs: ['F16'] });
    const begun = await dashboard.api.until(jobId, (job) => stepOf(job, 'convert-model').attempts.length === 1);
    const attemptId = stepOf(begun, 'convert-model').attempts[0]?.id ?? '';
    await dashboard.api.until(jobId, () => processesOf(attemptId).length > 0);
    killSshd(host);
    await dashboard.api.until(jobId, (job) => job.unreachableSince !== null, 30_000);
    await dashboard.api.post(`/api/v1/jobs/${jobId}/cancel`);
    await sleep(1000);
    await host.restart();
    const job = await dashboard.api.ended(jobId, 45_000);
    expect(job.status).toBe('canceled');
    expect(processesOf(attemptId)).toEqual([]);
    expect(stepOf(job, 'convert-model').failure).toBeNull();
  });
});
