import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyWithConfig } from '../../support/dashboard-checkpoint';
import { expectRanOnce, expectWorks } from '../../support/dashboard-evidence';
import { addInstance, startSshdFor, untilChecked } from '../../support/dashboard-host';
import { Dashboard } from '../../support/dashboard-process';
import { hasSshd, type SshdHost } from '../../support/sshd-host';

/** The lowest bit of the last weight: size, names and shapes stay, and so does the time of change. */
function changeOneWeight(file: string): void {
  const { atime, mtime } = statSync(file);
  const weights = readFileSync(file);
  const last = weights.length - 2;
  weights[last] = (weights[last] ?? 0) ^ 1;
  writeFileSync(file, weights);
  utimesSync(file, atime, mtime);
}

describe.skipIf(!hasSshd)('A host behind a real OpenSSH server', () => {
  let dashboard: Dashboard;
  let host: SshdHost;
  let instanceId = '';
  beforeAll(async () => {
    dashboard = await Dashboard.start();
    host = await startSshdFor(dashboard.api);
    instanceId = (await addInstance(dashboard.api, host.port)).id;
  });
  afterAll(async () => {
    await dashboard.remove();
    await host.stop();
  });

  it('says what it is and has when it is checked, and its key is pinned', async () => {
    await dashboard.api.post(`/api/v1/instances/${instanceId}/check`);
    const { checkState, facts, failure, hostKeyFingerprint } = await untilChecked(dashboard.api, instanceId);
    expect([checkState, failure]).toEqual(['ok', null]);
    expect(facts).toMatchObject({ homeFolder: host.homeFolder, cores: expect.any(Number), os: expect.any(String) });
    expect(facts?.memoryTotalBytes).toBeGreaterThan(1e8);
    expect(facts?.diskFreeBytes).toBeGreaterThan(1e8);
    expect(hostKeyFingerprint).toBe(host.fingerprint);
  });

  it('does a whole job, with a model that is copied to it from the dashboard and files that come home equal', async () => {
    const folder = await copyWithConfig(path.join(dashboard.homeFolder, 'models', 'with-companions'), {});
    const templates = path.join(folder, 'additional_chat_templates');
    mkdirSync(templates);
    writeFileSync(path.join(templates, 'tool_use.jinja'), '{{ messages[0].content }}');
    const source = { kind: 'folder' as const, location: 'dashboard' as const, path: folder };
    const jobId = await dashboard.api.startJob({ source, instanceId, outputs: ['F16', 'Q4_K_M'] });
    const job = await dashboard.api.ended(jobId);
    expectWorks(job);
    await expectRanOnce(dashboard.api, job, host.homeFolder);
    const checkpoint = path.join(host.homeFolder, '.quantdeck/jobs', jobId, 'checkpoint');
    expect(readFileSync(path.join(checkpoint, 'additional_chat_templates/tool_use.jinja'), 'utf8')).toBe(
      '{{ messages[0].content }}',
    );
    for (const { fileName, sha256, place } of job.artifacts) {
      const here = readFileSync(path.join(dashboard.dataFolder, 'artifacts', jobId, fileName));
      const there = readFileSync(path.join(host.homeFolder, '.quantdeck/jobs', jobId, 'out', fileName));
      const sums = [here, there].map((bytes) => createHash('sha256').update(bytes).digest('hex'));
      expect([place, ...sums]).toEqual(['both', sha256, sha256]);
    }

    changeOneWeight(path.join(folder, 'model.safetensors'));
    const again = await dashboard.api.ended(
      await dashboard.api.startJob({ source, instanceId, outputs: ['F16'], bringHome: false }),
    );
    expectWorks(again);
    const [before, after] = [job, again].map(({ artifacts }) => artifacts.find(({ type }) => type === 'F16')?.sha256);
    expect(after).toMatch(/^[0-9a-f]{64}$/);
    expect(after).not.toBe(before);
  });
});
