import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stepOf } from '../support/dashboard-api';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { commandsOnHost, expectRanOnce, expectWorks } from '../support/dashboard-evidence';
import { Dashboard } from '../support/dashboard-process';
import { startFakeHub } from '../support/fake-hub/fake-hub';
import { seededRandom } from '../support/seeded-random';

/** Each kill comes a random moment after this step has begun. */
const KILLED_IN = [
  'prepare-host',
  'inspect-model',
  'convert-model',
  'convert-model',
  'quantize:Q4_K_M',
  'checksum:F16',
  'checksum:Q4_K_M',
  'verify:F16',
  'bring-home:Q4_K_M',
] as const;
/** Of a model of the hub, which takes some seconds to arrive. */
const KILLED_IN_HUB_JOB = ['fetch-model', 'fetch-model', 'imatrix'] as const;
const HUB_BYTES_PER_SECOND = 5_000_000;
const LONGEST_WAIT_MS = 700;
const SEED = Number(process.env['QUANTDECK_FAULT_SEED'] ?? 20_260_727);

describe('A dashboard that ends in the middle of a job', () => {
  let source = { kind: 'folder' as const, path: '' };
  let dashboard: Dashboard;
  beforeAll(async () => {
    source = { kind: 'folder', path: await tinyCheckpoint() };
  });
  afterEach(() => dashboard.remove());

  it(`goes on after each of ${KILLED_IN.length} SIGKILLs, running no command twice and losing no byte of a log (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    dashboard = await Dashboard.start();
    const jobId = await dashboard.api.startJob({ source, outputs: ['F16', 'Q4_K_M'] });
    const moments: string[] = [];
    for (const key of KILLED_IN) {
      await dashboard.api.until(jobId, (one) => stepOf(one, key).status !== 'queued');
      await sleep(random() * LONGEST_WAIT_MS);
      const job = await dashboard.api.job(jobId);
      const running = job.steps.filter(({ status }) => status === 'running').map(({ key }) => key);
      moments.push(running.length > 0 ? running.join(' + ') : job.status);
      await dashboard.end('SIGKILL');
      await dashboard.begin();
    }
    const job = await dashboard.api.ended(jobId);
    process.stdout.write(`killed at: ${moments.join(', ')}\n`);
    expectWorks(job);
    await expectRanOnce(dashboard.api, job, dashboard.homeFolder);
    const commands = commandsOnHost(dashboard.homeFolder);
    for (const tool of ['convert_hf_to_gguf.py', 'llama-quantize']) {
      expect(commands.filter((command) => command.includes(tool))).toHaveLength(1);
    }
    for (const tool of ['llama-bench', 'llama-completion', 'sha256']) {
      expect(commands.filter((command) => command.includes(tool))).toHaveLength(2);
    }
    expect(moments.filter((moment) => moment !== 'succeeded').length).toBeGreaterThanOrEqual(KILLED_IN.length - 3);
  });

  it('follows a download of the hub that went on without it, and all that comes after, running nothing twice', async () => {
    const random = seededRandom(SEED);
    const hub = await startFakeHub({ repos: { 'tiny/llama': { folder: source.path } } });
    hub.setFault({ kind: 'slow', match: /^GET \/cdn\//, speedBytesPerSecond: HUB_BYTES_PER_SECOND });
    try {
      dashboard = await Dashboard.start({ HF_ENDPOINT: hub.url });
      const jobId = await dashboard.api.startJob({
        source: { kind: 'hub', repo: 'tiny/llama' },
        outputs: ['IQ2_M'],
        bringHome: false,
      });
      const shown: (number | null | undefined)[] = [];
      for (const key of KILLED_IN_HUB_JOB) {
        const job = await dashboard.api.until(jobId, (one) => stepOf(one, key).status !== 'queued');
        if (stepOf(job, key).status === 'running') await sleep(random() * LONGEST_WAIT_MS);
        shown.push(stepOf(await dashboard.api.job(jobId), 'fetch-model').progress?.fraction);
        await dashboard.end('SIGKILL');
        await dashboard.begin();
      }
      const job = await dashboard.api.ended(jobId);
      expectWorks(job);
      await expectRanOnce(dashboard.api, job, dashboard.homeFolder);
      expect(stepOf(job, 'fetch-model').attempts).toHaveLength(1);
      expect(shown[0] ?? 0).toBeLessThan(1);
      const fetched = hub.requests.filter(({ host }) => host === 'cdn').map(({ path }) => path);
      expect(new Set(fetched).size).toBe(fetched.length);
    } finally {
      await hub.close();
    }
  });

  it('lets go of the host on SIGTERM, and follows the same command after the next start', async () => {
    dashboard = await Dashboard.start();
    const jobId = await dashboard.api.startJob({ source, outputs: ['F16'] });
    await dashboard.api.until(jobId, (job) => stepOf(job, 'convert-model').attempts.length === 1);
    await sleep(500);
    expect(await dashboard.end('SIGTERM')).toBe(0);
    await dashboard.begin();
    const job = await dashboard.api.ended(jobId);
    expectWorks(job);
    await expectRanOnce(dashboard.api, job, dashboard.homeFolder);
    expect(stepOf(job, 'convert-model').attempts).toHaveLength(1);
  });
});
