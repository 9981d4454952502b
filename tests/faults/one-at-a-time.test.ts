import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { expectWorks } from '../support/dashboard-evidence';
import { Dashboard } from '../support/dashboard-process';
import { freePort } from '../support/free-port';

describe('What there may be only one of', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await Dashboard.start();
  });
  afterAll(() => dashboard.remove());

  it('is a dashboard on a data folder: the second one is refused with words and leaves the first alone', async () => {
    const second = dashboard.launch(await freePort());
    const [code] = (await once(second, 'exit')) as [number | null];
    expect(code).toBe(1);
    expect(dashboard.output).toMatch(
      /could not start: Quantdeck is running already with the data folder .*\nStop that one/,
    );
    expect(dashboard.output).not.toContain('Something went wrong inside');
    expect(await dashboard.api.isHealthy()).toBe(true);
  });

  it('is a running job on an instance: the second waits in the queue and follows', async () => {
    const source = { kind: 'folder' as const, path: await tinyCheckpoint() };
    const firstId = await dashboard.api.startJob({ source, outputs: ['F16'], bringHome: false });
    const secondId = await dashboard.api.startJob({ source, outputs: ['F16'], bringHome: false });
    await dashboard.api.stepRunning(firstId, 'convert-model');
    expect((await dashboard.api.job(secondId)).status).toBe('queued');
    const first = await dashboard.api.ended(firstId);
    const second = await dashboard.api.ended(secondId);
    expectWorks(first);
    expectWorks(second);
    expect(Date.parse(second.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(first.finishedAt ?? ''));
  });
});
