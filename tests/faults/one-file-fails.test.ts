import { mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepOf } from '../support/dashboard-api';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { expectLogsEqual, expectWorks } from '../support/dashboard-evidence';
import { Dashboard } from '../support/dashboard-process';

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard.remove());

it('A file that cannot be made leaves the others alone: they are proven and brought home, and a retry makes only it', async () => {
  const source = { kind: 'folder' as const, path: await tinyCheckpoint() };
  const jobId = await dashboard.api.startJob({ source, outputs: ['F16', 'Q4_K_M', 'Q8_0'] });
  await dashboard.api.stepRunning(jobId, 'convert-model');
  // Where llama-quantize is to write there is a folder, which it cannot replace.
  const out = path.join(dashboard.homeFolder, '.quantdeck/jobs', jobId, 'out');
  const inTheWay = path.join(out, 'tiny-llama-Q4_K_M.gguf.partial');
  mkdirSync(inTheWay, { recursive: true });
  const failed = await dashboard.api.ended(jobId);
  expect([failed.status, failed.verdict, failed.failure?.code]).toEqual(['failed', 'partly', 'command-failed']);
  expect(failed.failure?.evidence.join('\n')).toContain('tiny-llama-Q4_K_M.gguf.partial');
  expect(stepOf(failed, 'quantize:Q4_K_M').status).toBe('failed');
  expect(stepOf(failed, 'checksum:Q4_K_M').status).toBe('queued');
  expect(failed.artifacts.map(({ type, verdict, place }) => [type, verdict, place]).sort()).toEqual([
    ['F16', 'works', 'both'],
    ['Q8_0', 'works', 'both'],
  ]);

  rmdirSync(inTheWay);
  await dashboard.api.post(`/api/v1/jobs/${jobId}/retry`);
  const job = await dashboard.api.ended(jobId);
  expectWorks(job);
  for (const step of job.steps.filter(({ attempts }) => attempts.length > 1)) expect(step.key).toBe('quantize:Q4_K_M');
  await expectLogsEqual(dashboard.api, job, dashboard.homeFolder);
});
