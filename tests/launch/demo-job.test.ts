import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runDemoJob } from '../../lib/launch/demo/run-demo-job.mjs';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => vi.restoreAllMocks());

/** A dashboard whose one job has ended with this verdict; `posted` is what it was asked to do. */
function dashboardOf(verdict: string, kinds: readonly string[] = ['ssh', 'this-machine']) {
  const posted: unknown[] = [];
  const job = { id: 'j1', status: verdict === 'does-not-work' ? 'failed' : 'succeeded', verdict };
  const api = {
    get: async (path: string) =>
      path === '/api/v1/instances'
        ? { instances: kinds.map((kind) => ({ id: `the ${kind}`, kind })) }
        : { ...job, steps: [], artifacts: [], failure: null },
    post: async (_path: string, body: unknown) => {
      posted.push(body);
      return { id: 'j1' };
    },
    isHealthy: async () => true,
  };
  return { url: 'http://deck.example', api, posted };
}

const SOURCE = { kind: 'hub', repo: 'a/b' };

it.each([
  ['works', 0],
  ['partly', 1],
  ['does-not-work', 1],
  ['unknown', 1],
])('the demo of a job that ends as "%s" ends with exit code %i', async (verdict, code) => {
  const dashboard = dashboardOf(verdict);
  expect(await runDemoJob(dashboard, SOURCE, ['F16'])).toBe(code);
  expect(dashboard.posted).toEqual([{ source: SOURCE, instanceId: 'the this-machine', outputs: ['F16'] }]);
  expect(said[0]).toContain('http://deck.example/jobs/j1');
  expect(said.at(-1)).toMatch(/^Verdict: [A-Z ]+ \(the job (succeeded|failed)\)\.$/);
});

it('the demo says what to do where "This machine" cannot be had', async () => {
  await expect(runDemoJob(dashboardOf('works', ['ssh']), SOURCE, ['F16'])).rejects.toThrow('Add an SSH host');
});
