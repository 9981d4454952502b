import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepOf } from '../../support/dashboard-api';
import { copyWithConfig } from '../../support/dashboard-checkpoint';
import { attemptFolders, expectWorks } from '../../support/dashboard-evidence';
import { Dashboard } from '../../support/dashboard-process';

/** What the tiny checkpoint's tensors prove, and a lie about each. */
const LIES = [
  { field: 'num_hidden_layers', said: 22, true: 2 },
  { field: 'hidden_size', said: 2048, true: 256 },
  { field: 'vocab_size', said: 32_000, true: 49_152 },
] as const;

describe('A config.json that contradicts the tensors', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await Dashboard.start();
  });
  afterAll(() => dashboard.remove());

  async function convert(name: string, changes: Record<string, unknown>) {
    const folder = await copyWithConfig(path.join(dashboard.homeFolder, 'models', name), changes);
    const jobId = await dashboard.api.startJob({ source: { kind: 'folder', path: folder }, outputs: ['F16'] });
    return { folder, jobId, job: await dashboard.api.ended(jobId) };
  }

  it.each(LIES)(
    'stops the job before converting when $field is wrong, and says which tensor proves it',
    async (lie) => {
      const { job } = await convert(lie.field, { [lie.field]: lie.said });
      expect(job.failure?.code).toBe('model-config-contradicts-tensors');
      expect(job.failure?.message).toContain(lie.field);
      expect(job.proposedPatch).toEqual({ [lie.field]: lie.true });
      expect(job.inspection?.contradictions.map(({ field }) => field)).toContain(lie.field);
      expect(`${job.failure?.message} ${job.failure?.evidence.join(' ')}`).toMatch(/model\.\S+\.weight|model\.layers/);
      expect(stepOf(job, 'inspect-model').status).toBe('failed');
      expect(stepOf(job, 'convert-model').attempts).toEqual([]);
    },
  );

  it('is repaired with one click: the job goes on with the repaired copy, works, and the original stays', async () => {
    const changes = Object.fromEntries(LIES.map(({ field, said }) => [field, said]));
    const { folder, jobId, job } = await convert('all-wrong', changes);
    expect(job.proposedPatch).toEqual(Object.fromEntries(LIES.map((lie) => [lie.field, lie.true])));
    const before = readFileSync(path.join(folder, 'config.json'));
    await dashboard.api.post(`/api/v1/jobs/${jobId}/approve-repair`, {});
    const repaired = await dashboard.api.ended(jobId);
    expectWorks(repaired);
    expect(repaired.spec.configPatch).toEqual(job.proposedPatch);
    expect(stepOf(repaired, 'repair-model').status).toBe('succeeded');
    expect(readFileSync(path.join(folder, 'config.json')).equals(before)).toBe(true);
    const workspace = path.join(dashboard.homeFolder, '.quantdeck/jobs', jobId, 'repaired');
    expect(readFileSync(path.join(workspace, 'config.json.original')).equals(before)).toBe(true);
    const wanted = LIES.reduce(
      (text, lie) => text.replace(`"${lie.field}": ${lie.said}`, `"${lie.field}": ${lie.true}`),
      before.toString('utf8'),
    );
    expect(readFileSync(path.join(workspace, 'config.json'), 'utf8')).toBe(wanted);
    expect(attemptFolders(dashboard.homeFolder).length).toBeGreaterThan(0);
  });
});
