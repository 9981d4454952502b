import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobDetail } from '../../lib/domain/views';
import { stepOf } from '../support/dashboard-api';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { expectLogsEqual, expectWorks, processesOf } from '../support/dashboard-evidence';
import { Dashboard } from '../support/dashboard-process';

const CANCEL_LIMIT_MS = 15_000;

describe('Canceling a job', () => {
  let source = { kind: 'folder' as const, path: '' };
  let dashboard: Dashboard;
  beforeAll(async () => {
    source = { kind: 'folder', path: await tinyCheckpoint() };
    dashboard = await Dashboard.start();
  });
  afterAll(() => dashboard.remove());

  /** Waits until a step's tool is seen among the processes, and answers the attempt that it belongs to. */
  async function untilToolRuns(jobId: string, key: string, tool: string): Promise<string> {
    for (;;) {
      const attempt = stepOf(await dashboard.api.until(jobId, () => true), key).attempts.at(-1);
      if (attempt && processesOf(attempt.id).some((command) => command.includes(tool))) return attempt.id;
      await sleep(20);
    }
  }

  async function cancel(jobId: string): Promise<JobDetail> {
    const startedMs = performance.now();
    await dashboard.api.post(`/api/v1/jobs/${jobId}/cancel`);
    const job = await dashboard.api.ended(jobId, CANCEL_LIMIT_MS);
    expect(performance.now() - startedMs).toBeLessThan(CANCEL_LIMIT_MS);
    return job;
  }

  it('ends the converter, then the quantizer, with all their processes; each retry keeps what was finished', async () => {
    const jobId = await dashboard.api.startJob({ source, outputs: ['F16', 'IQ3_S'], threads: 1 });
    const converting = await untilToolRuns(jobId, 'convert-model', 'convert_hf_to_gguf.py');
    const first = await cancel(jobId);
    expect(first.status).toBe('canceled');
    expect(processesOf(converting)).toEqual([]);
    expect(stepOf(first, 'convert-model').status).toBe('canceled');
    expect(stepOf(first, 'convert-model').attempts.at(-1)?.endedAt).not.toBeNull();
    expect(stepOf(first, 'fetch-model').status).toBe('succeeded');
    expect(stepOf(first, 'verify:F16').status).toBe('canceled');
    await expectLogsEqual(dashboard.api, first, dashboard.homeFolder);

    await dashboard.api.post(`/api/v1/jobs/${jobId}/retry`);
    const quantizing = await untilToolRuns(jobId, 'quantize:IQ3_S', 'llama-quantize');
    const second = await cancel(jobId);
    expect(processesOf(quantizing)).toEqual([]);
    expect(stepOf(second, 'quantize:IQ3_S').status).toBe('canceled');
    expect(stepOf(second, 'convert-model').attempts).toHaveLength(2);

    await dashboard.api.post(`/api/v1/jobs/${jobId}/retry`);
    const third = await dashboard.api.ended(jobId);
    expectWorks(third);
    expect(stepOf(third, 'convert-model').attempts).toHaveLength(2);
    expect(stepOf(third, 'quantize:IQ3_S').attempts).toHaveLength(2);
    expect(stepOf(third, 'fetch-model').startedAt).toBe(stepOf(first, 'fetch-model').startedAt);
    await expectLogsEqual(dashboard.api, third, dashboard.homeFolder);
  });

  it('ends what runs on the host also when the dashboard was killed before it could', async () => {
    const jobId = await dashboard.api.startJob({ source, outputs: ['F16'] });
    const converting = await untilToolRuns(jobId, 'convert-model', 'convert_hf_to_gguf.py');
    await dashboard.api.post(`/api/v1/jobs/${jobId}/cancel`);
    await dashboard.end('SIGKILL');
    await dashboard.begin();
    const job = await dashboard.api.ended(jobId, CANCEL_LIMIT_MS);
    expect(job.status).toBe('canceled');
    expect(processesOf(converting)).toEqual([]);
    expect(stepOf(job, 'convert-model').attempts.at(-1)?.endedAt).not.toBeNull();
    await expectLogsEqual(dashboard.api, job, dashboard.homeFolder);
  });
});
