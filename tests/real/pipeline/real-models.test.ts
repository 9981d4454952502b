import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobDetail } from '../../../lib/domain/views';
import { runDemoJob } from '../../../lib/launch/demo/run-demo-job.mjs';
import { miniLmCheckpoint, smolCheckpoint } from '../../support/dashboard-checkpoint';
import { commandsOnHost, expectWorks } from '../../support/dashboard-evidence';
import { Dashboard } from '../../support/dashboard-process';

describe('A published model', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await Dashboard.start();
  });
  afterAll(() => dashboard.remove());
  afterEach(() => vi.restoreAllMocks());

  it('that makes vectors (all-MiniLM-L6-v2) becomes files that work and are never asked for text', async () => {
    const source = { kind: 'folder' as const, location: 'host' as const, path: await miniLmCheckpoint() };
    const job = await dashboard.api.ended(await dashboard.api.startJob({ source, outputs: ['F16', 'Q8_0'] }));
    expectWorks(job);
    for (const { verification } of job.artifacts) {
      expect(verification).toMatchObject({ architecture: 'bert', samplePrompt: null, sampleText: null });
      expect(verification?.promptTokensPerSecond).toBeGreaterThan(0);
    }
    const ran = commandsOnHost(dashboard.homeFolder);
    expect(ran.filter((command) => /llama-bench.* -n 0 -embd 1 /.test(command))).toHaveLength(2);
    expect(ran.filter((command) => command.includes('llama-completion'))).toEqual([]);
  });

  it('that writes (SmolLM2-135M) knows the capital of France as Q4_K_M, and the demo of it ends with 0', async () => {
    const said: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
    const source = { kind: 'folder', location: 'host', path: await smolCheckpoint() };
    expect(await runDemoJob({ url: dashboard.api.url, api: dashboard.api }, source, ['Q4_K_M'])).toBe(0);
    const { jobs } = await dashboard.api.get<{ jobs: JobDetail[] }>('/api/v1/jobs');
    const job = await dashboard.api.job(jobs[0]?.id ?? '');
    expectWorks(job);
    const [proof] = job.artifacts.map(({ verification }) => verification);
    expect(proof?.samplePrompt).toContain('capital of France');
    expect(proof?.sampleText).toContain('Paris');
    expect(said.join('\n')).toMatch(/Q4_K_M +WORKS, .*\n +it wrote: ".*Paris.*"\n[\s\S]*Verdict: WORKS/);
  });
});
