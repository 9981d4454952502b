import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobDetail } from '../../../lib/domain/views';
import { stepOf } from '../../support/dashboard-api';
import { tinyCheckpoint } from '../../support/dashboard-checkpoint';
import { attemptFolders, commandsOnHost, expectLogsEqual, expectWorks } from '../../support/dashboard-evidence';
import { Dashboard } from '../../support/dashboard-process';
import { type FakeHub, startFakeHub } from '../../support/fake-hub/fake-hub';

const REPO = 'tiny/llama';
const OUTPUTS = ['F16', 'Q4_K_M', 'Q8_0', 'IQ2_M'];

describe('A checkpoint from the hub', () => {
  let hub: FakeHub;
  let dashboard: Dashboard;
  let job: JobDetail;
  let commit = '';
  beforeAll(async () => {
    hub = await startFakeHub();
    commit = await hub.addRepo(REPO, { folder: await tinyCheckpoint() });
    dashboard = await Dashboard.start({ HF_ENDPOINT: hub.url });
    job = await dashboard.api.ended(
      await dashboard.api.startJob({ source: { kind: 'hub', repo: REPO }, outputs: OUTPUTS }),
    );
  });
  afterAll(async () => {
    await dashboard.remove();
    await hub.close();
  });

  it('becomes four files that work, one of them with an importance matrix', async () => {
    expectWorks(job);
    expect(job.commit).toBe(commit);
    expect(stepOf(job, 'imatrix').status).toBe('succeeded');
    expect(job.toolchain?.version).toBe('v0.5.0');
    for (const { verification } of job.artifacts) {
      expect(verification?.sampleText?.length).toBeGreaterThan(10);
      expect(verification?.generationTokensPerSecond).toBeGreaterThan(0);
    }
  });

  it('leaves every file at home with the very content that it has on the host', () => {
    for (const artifact of job.artifacts) {
      const here = readFileSync(path.join(dashboard.dataFolder, 'artifacts', job.id, artifact.fileName));
      const there = readFileSync(path.join(dashboard.homeFolder, '.quantdeck/jobs', job.id, 'out', artifact.fileName));
      expect([artifact.fileName, artifact.place, artifact.bringHomeState]).toEqual([artifact.fileName, 'both', 'done']);
      expect(sha256(here)).toBe(artifact.sha256);
      expect(sha256(there)).toBe(artifact.sha256);
      expect(here.length).toBe(artifact.sizeBytes);
    }
    expect(new Set(job.artifacts.map(({ sha256: sum }) => sum)).size).toBe(OUTPUTS.length);
  });

  it('shows every command that ran, and every byte that was printed, in the logs', async () => {
    await expectLogsEqual(dashboard.api, job, dashboard.homeFolder);
    const logs = await Promise.all(job.steps.map((step) => dashboard.api.log(job.id, step.id)));
    const shown = Buffer.concat(logs).toString('utf8').split('\n');
    const ran = commandsOnHost(dashboard.homeFolder);
    expect(attemptFolders(dashboard.homeFolder).length).toBeGreaterThanOrEqual(7);
    for (const command of ran) expect(shown).toContain(command);
    for (const tool of [
      'convert_hf_to_gguf.py',
      'llama-imatrix',
      'llama-quantize',
      'sha256',
      'llama-bench',
      'llama-completion',
    ]) {
      expect(ran.some((command) => command.includes(tool))).toBe(true);
    }
  });

  it('is fetched once: another job of the same commit finds it on the host', async () => {
    const before = hub.requests.filter(({ host }) => host === 'cdn').length;
    const second = await dashboard.api.ended(
      await dashboard.api.startJob({ source: { kind: 'hub', repo: REPO }, outputs: ['Q8_0'], bringHome: false }),
    );
    expectWorks(second);
    expect(stepOf(second, 'fetch-model').attempts).toEqual([]);
    expect(hub.requests.filter(({ host }) => host === 'cdn')).toHaveLength(before);
  });

  it('is downloaded from home with Range, ETag and If-Range', async () => {
    const artifact = job.artifacts.find(({ type }) => type === 'Q4_K_M');
    if (!artifact) throw new Error('no Q4_K_M');
    const file = readFileSync(path.join(dashboard.dataFolder, 'artifacts', job.id, artifact.fileName));
    await expectServed(dashboard, artifact.id, file, artifact.sha256 ?? '');
  });

  it('is downloaded straight from the host when it was not brought home', async () => {
    const { jobs } = await dashboard.api.get<{ jobs: JobDetail[] }>('/api/v1/jobs');
    const other = await dashboard.api.job(jobs.find(({ id }) => id !== job.id)?.id ?? '');
    const [artifact] = other.artifacts;
    if (!artifact) throw new Error('no artifact');
    expect(artifact.place).toBe('host');
    const file = readFileSync(path.join(dashboard.homeFolder, '.quantdeck/jobs', other.id, 'out', artifact.fileName));
    await expectServed(dashboard, artifact.id, file, artifact.sha256 ?? '');
  });
});

/** One file by HTTP: whole, its middle, the rest after a cut, its middle of another version, unchanged, and beyond its end. */
async function expectServed(dashboard: Dashboard, artifactId: string, file: Buffer, sum: string): Promise<void> {
  const get = async (headers: Record<string, string>) => {
    const answer = await dashboard.api.request(`/api/v1/artifacts/${artifactId}/content`, { headers });
    return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
  };
  const whole = await get({});
  expect(whole.status).toBe(200);
  expect(whole.headers.get('etag')).toBe(`"${sum}"`);
  expect(whole.headers.get('content-length')).toBe(String(file.length));
  expect(whole.body.equals(file)).toBe(true);
  const middle = await get({ range: 'bytes=100000-300000' });
  expect(middle.status).toBe(206);
  expect(middle.headers.get('content-range')).toBe(`bytes 100000-300000/${file.length}`);
  expect(middle.body.equals(file.subarray(100_000, 300_001))).toBe(true);
  const rest = await get({ range: `bytes=${file.length - 70_000}-`, 'if-range': `"${sum}"` });
  expect(rest.status).toBe(206);
  expect(rest.body.equals(file.subarray(file.length - 70_000))).toBe(true);
  const changed = await get({ range: 'bytes=100-', 'if-range': '"another-content"' });
  expect(changed.status).toBe(200);
  expect(changed.body.length).toBe(file.length);
  expect((await get({ 'if-none-match': `"${sum}"` })).status).toBe(304);
  expect((await get({ range: `bytes=${file.length}-` })).status).toBe(416);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
