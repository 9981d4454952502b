import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../../lib/domain/failure';
import type { JobDetail } from '../../../lib/domain/views';
import { stepOf } from '../../support/dashboard-api';
import { copyWithConfig } from '../../support/dashboard-checkpoint';
import { addInstance, startSshdFor, untilChecked } from '../../support/dashboard-host';
import { Dashboard } from '../../support/dashboard-process';
import { type FakeHub, startFakeHub } from '../../support/fake-hub/fake-hub';
import { freePort } from '../../support/free-port';
import { hasSshd } from '../../support/sshd-host';

/** A host that was never reached is given up at the first try after 12 s; tries are up to 8 s apart. */
const SECONDS_MS = 45_000;
const CONFIG = JSON.stringify({ architectures: ['LlamaForCausalLM'], model_type: 'llama' });

describe('Bad input', () => {
  let hub: FakeHub;
  let dashboard: Dashboard;
  beforeAll(async () => {
    hub = await startFakeHub({
      repos: {
        'tiny/pickled': { files: { 'config.json': CONFIG, 'pytorch_model.bin': 'PK' } },
        'tiny/private': { files: { 'config.json': CONFIG }, isPrivate: true },
        'tiny/gated': { files: { 'config.json': CONFIG, 'model.safetensors': 'x' }, isGated: true },
      },
    });
    dashboard = await Dashboard.start({ HF_ENDPOINT: hub.url });
  });
  afterAll(async () => {
    await dashboard.remove();
    await hub.close();
  });

  async function run(
    source: Parameters<typeof dashboard.api.startJob>[0]['source'],
    instanceId?: string,
  ): Promise<JobDetail> {
    const jobId = await dashboard.api.startJob({ source, outputs: ['F16'], ...(instanceId ? { instanceId } : {}) });
    return dashboard.api.ended(jobId, SECONDS_MS);
  }

  /** The code, the thing by its name, and something to do about it. */
  function expectFailure(job: JobDetail, code: FailureCode, names: string): void {
    expect([job.status, job.failure?.code, job.failure?.evidence]).toEqual(['failed', code, expect.anything()]);
    expect(`${job.failure?.message} ${job.failure?.evidence.join(' ')}`).toContain(names);
    expect(job.failure?.remedy.length).toBeGreaterThan(10);
    expect(job.steps.filter(({ status }) => status === 'running')).toEqual([]);
  }

  it.each<[string, string, string, FailureCode, string]>([
    ['a model that does not exist', 'nobody/nothing', 'main', 'model-not-found', 'nobody/nothing'],
    ['a private model', 'tiny/private', 'main', 'model-not-found', 'tiny/private'],
    ['a gated model', 'tiny/gated', 'main', 'model-gated', 'tiny/gated'],
    ['a revision that does not exist', 'tiny/pickled', 'v9', 'revision-not-found', 'v9'],
    ['a repository of pickles alone', 'tiny/pickled', 'main', 'model-pickle-only', 'pytorch_model.bin'],
  ])('names %s, and stops what was done beside it', async (_what, repo, revision, code, names) => {
    const job = await run({ kind: 'hub', repo, revision });
    expectFailure(job, code, names);
    expect(stepOf(job, 'fetch-model').status).toBe('failed');
    expect(stepOf(job, 'prepare-host').status).toMatch(/^(succeeded|canceled)$/);
  });

  it('says that the hub does not answer', async () => {
    hub.setFault({ kind: 'hang-up' });
    const job = await run({ kind: 'hub', repo: 'tiny/pickled' });
    hub.setFault(null);
    expectFailure(job, 'hub-unreachable', new URL(hub.url).host);
    expect(job.failure?.isTransient).toBe(true);
  });

  it('names an architecture that llama.cpp does not know, before converting', async () => {
    const changes = { architectures: ['FrobnicatorForCausalLM'], model_type: 'frobnicator' };
    const folder = await copyWithConfig(path.join(dashboard.homeFolder, 'frobnicator'), changes);
    const job = await run({ kind: 'folder', path: folder });
    expectFailure(job, 'model-unsupported-architecture', 'FrobnicatorForCausalLM');
    expect(stepOf(job, 'fetch-model').status).toBe('succeeded');
    expect(stepOf(job, 'convert-model').attempts).toEqual([]);
  });

  it('names a folder that is not there, and one in which there is no model', async () => {
    expectFailure(await run({ kind: 'folder', path: '/no/such/folder' }), 'source-folder-missing', '/no/such/folder');
    const empty = path.join(dashboard.homeFolder, 'empty');
    await copyWithConfig(empty, {});
    writeFileSync(path.join(empty, 'model.safetensors'), '');
    const job = await run({ kind: 'folder', path: empty });
    expect(job.failure?.code).toMatch(/^model-(header-invalid|file-truncated|weights-missing)$/);
    expect(job.failure?.message).toContain('model.safetensors');
  });

  it('names the address of a host where nothing listens', async () => {
    const port = await freePort();
    const { id } = await addInstance(dashboard.api, port);
    expectFailure(await run({ kind: 'folder', path: '/models' }, id), 'host-refused', `127.0.0.1:${port}`);
    await dashboard.api.post(`/api/v1/instances/${id}/check`);
    const checked = await untilChecked(dashboard.api, id);
    expect([checked.checkState, checked.failure?.code]).toEqual(['failed', 'host-refused']);
  });

  it.skipIf(!hasSshd)('says that a password is wrong without repeating it', async () => {
    const host = await startSshdFor(dashboard.api);
    try {
      const password = 'surely-not-the-password';
      const { id } = await addInstance(dashboard.api, host.port, { auth: 'password', password });
      const job = await run({ kind: 'folder', path: '/models' }, id);
      expectFailure(job, 'ssh-auth-refused', 'password');
      expect(JSON.stringify(job) + dashboard.output).not.toContain(password);
    } finally {
      await host.stop();
    }
  });

  it('is refused at the door with the field in words: unknown quantizations, shell metacharacters in ids and revisions', async () => {
    const instanceId = await dashboard.api.thisMachine();
    const refuse = (spec: Record<string, unknown>) =>
      dashboard.api.refusal('/api/v1/jobs', { instanceId, outputs: ['F16'], ...spec });
    const source = { kind: 'hub', repo: 'tiny/pickled' };
    const unknown = await refuse({ source, outputs: ['Q4_K_X'] });
    expect([unknown.status, unknown.code]).toEqual([400, 'invalid-input']);
    expect(JSON.stringify(unknown)).toMatch(/Q4_K_X.*Q4_K_M/);
    for (const repo of ['a/b;touch x', 'a/$(id)', 'a/`id`', '../../etc', 'a/b\nc', '-rf/x']) {
      const problem = await refuse({ source: { kind: 'hub', repo } });
      expect([repo, problem.status, problem.code]).toEqual([repo, 400, 'invalid-input']);
      expect(JSON.stringify(problem)).toContain('owner/name');
    }
    const revision = await refuse({ source: { ...source, revision: '$(touch x)' } });
    expect(JSON.stringify(revision)).toContain('revision');
  });

  it('cannot run anything by the name of a folder', async () => {
    const folder = await copyWithConfig(
      path.join(dashboard.homeFolder, "it's $(touch pwned) `touch pwned`;touch pwned"),
      {},
    );
    const jobId = await dashboard.api.startJob({ source: { kind: 'folder', path: folder }, outputs: ['F16'] });
    // The converter is what gets the name; the rest works with the result.
    await dashboard.api.until(jobId, (job) => stepOf(job, 'convert-model').status === 'succeeded');
    await dashboard.api.post(`/api/v1/jobs/${jobId}/cancel`);
    const files = readdirSync(dashboard.homeFolder, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => path.basename(file) === 'pwned')).toEqual([]);
  });
});
