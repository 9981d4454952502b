import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addInstance } from '../../lib/commands/add-instance';
import { approveRepair } from '../../lib/commands/approve-repair';
import { cancelJob } from '../../lib/commands/cancel-job';
import { createJob } from '../../lib/commands/create-job';
import { deleteJob } from '../../lib/commands/delete-job';
import { removeInstance } from '../../lib/commands/remove-instance';
import { requestBringHome } from '../../lib/commands/request-bring-home';
import { requestInstanceCheck } from '../../lib/commands/request-instance-check';
import { saveSettings } from '../../lib/commands/save-settings';
import { updateInstance } from '../../lib/commands/update-instance';
import { FailureError } from '../../lib/domain/failure';
import { claimRequestedCheck, findEndpoint, pinHostKey, recordCheck } from '../../lib/store/instance-store';
import { findInstance, listInstances } from '../../lib/store/instance-views';
import { jobLedger as ledger } from '../../lib/store/job-ledger';
import { countJobs, findJob, listJobs } from '../../lib/store/job-views';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { readLog } from '../../lib/store/log-views';
import { onWake, runtime } from '../../lib/store/runtime';
import { readSettings } from '../../lib/store/settings-views';
import { stepLogs } from '../../lib/store/step-logs';
import {
  addTestArtifact,
  addTestInstance,
  addTestJob,
  openTestDatabase,
  type TestDatabase,
} from '../support/test-database';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureDefaultKey(() => ({
    publicKey: 'ssh-ed25519 AAAA own',
    fingerprint: 'SHA256:own',
    privateKey: 'own private',
  }));
});
afterAll(() => database.close());
beforeEach(async () => {
  const { client } = runtime();
  await client.job.deleteMany();
  await client.instance.deleteMany();
});

const failure = new FailureError('model-config-contradicts-tensors', 'layers differ').failure;

async function claim() {
  const lease = await ledger.claimNextJob('worker', 30_000);
  if (!lease) throw new Error('nothing to claim');
  return lease;
}

describe('jobs', () => {
  it('are made with their steps in order and wake the worker', async () => {
    await addTestInstance('host');
    let wakes = 0;
    const stop = onWake(() => {
      wakes += 1;
    });
    const { jobId } = await createJob({
      source: { kind: 'hub', repo: 'acme/tiny' },
      instanceId: 'host',
      outputs: ['bf16', 'q4_k', 'F16'],
      baseType: 'BF16',
    });
    stop();
    expect(wakes).toBe(1);
    const job = await findJob(jobId);
    expect(job).toMatchObject({
      name: 'tiny',
      status: 'queued',
      sourceText: 'acme/tiny',
      instanceName: 'host',
      outputs: ['BF16', 'Q4_K_M', 'F16'],
    });
    expect(job?.steps.map(({ key }) => key)).toEqual([
      'prepare-host',
      'fetch-model',
      'inspect-model',
      'repair-model',
      'convert-model',
      'quantize:Q4_K_M',
      'quantize:F16',
      'checksum:BF16',
      'checksum:Q4_K_M',
      'checksum:F16',
      'verify:BF16',
      'verify:Q4_K_M',
      'verify:F16',
      'bring-home:BF16',
      'bring-home:Q4_K_M',
      'bring-home:F16',
    ]);
  });

  it('are refused with all that is wrong, and for an instance that is not there', async () => {
    const input = { source: { kind: 'hub', repo: 'a; rm -rf /' }, instanceId: 'x', outputs: ['Q9_Z'] } as const;
    await expect(createJob({ ...input, outputs: [...input.outputs] })).rejects.toMatchObject({
      failure: {
        code: 'invalid-input',
        evidence: [expect.stringMatching(/^source\.repo: /), expect.stringMatching(/^outputs\.0: .*Q9_Z/)],
      },
    });
    await expect(addTestJob('nowhere')).rejects.toMatchObject({ failure: { code: 'not-found' } });
  });

  it('are listed newest first, searched by model, counted by status', async () => {
    await addTestInstance('host');
    const first = await addTestJob('host', { name: 'first' });
    await addTestJob('host', { name: 'second', source: { kind: 'folder', path: '/models/llama' } });
    await cancelJob(first);
    expect((await listJobs()).jobs.map(({ name }) => name)).toEqual(['second', 'first']);
    expect((await listJobs({ search: 'acme' })).jobs.map(({ name }) => name)).toEqual(['first']);
    expect((await listJobs({ search: 'llama' })).jobs.map(({ name }) => name)).toEqual(['second']);
    expect(await listJobs({ limit: 1 })).toMatchObject({ total: 2, jobs: [{ name: 'second' }] });
    expect(await countJobs()).toEqual({ queued: 1, running: 0, succeeded: 0, failed: 0, canceled: 1 });
  });

  it('continue from the inspection with an approved repair', async () => {
    await addTestInstance('host');
    const jobId = await addTestJob('host');
    const lease = await claim();
    await ledger.startJob(lease);
    const steps = (await ledger.loadJob(jobId)).steps;
    // The host was still being prepared when the contradiction was found, and stopped with the job.
    await ledger.finishStep(lease, steps[0]?.id ?? '', { status: 'canceled' });
    await ledger.finishStep(lease, steps[1]?.id ?? '', { status: 'succeeded' });
    const inspection = {
      architecture: null,
      tensorCount: 0,
      parameterCount: 0,
      totalBytes: 0,
      facts: {},
      contradictions: [],
      findings: [],
      questions: [
        {
          field: 'rope_theta',
          candidates: [10_000],
          reason: 'No shape tells it.',
          options: [],
          limits: { least: 1, most: 1e12, isWhole: false },
          isRequired: true,
        },
      ],
    };
    const files = [
      { kind: 'set-tokenizer-class', file: 'tokenizer_config.json', before: null, after: 'GPT2Tokenizer' },
    ] as const;
    await ledger.recordInspection(lease, inspection, { patch: { num_hidden_layers: 30 }, files });
    await ledger.startStep(lease, steps[2]?.id ?? '');
    await ledger.finishStep(lease, steps[2]?.id ?? '', { status: 'failed', failure });
    await ledger.finishJob(lease, { status: 'failed', failure });
    expect((await findJob(jobId))?.proposedPatch).toEqual({ num_hidden_layers: 30 });
    await expect(approveRepair(jobId, { answers: { rope_theta: -5 } })).rejects.toMatchObject({
      failure: { code: 'answer-contradicts-tensors', evidence: [expect.stringMatching(/^rope_theta: -5 is out of/)] },
    });
    await approveRepair(jobId, { answers: { rope_theta: 250_000 } });
    const job = await ledger.loadJob(jobId);
    expect(job.spec.configPatch).toEqual({ num_hidden_layers: 30, rope_theta: 250_000 });
    expect(job.spec.answeredFields).toEqual(['rope_theta']);
    expect(job.spec.fileRepairs).toEqual(files);
    expect(job.steps.slice(0, 4).map(({ status }) => status)).toEqual(['queued', 'succeeded', 'queued', 'queued']);
  });

  it('are deleted with their logs, but not while they are open', async () => {
    await addTestInstance('host');
    const jobId = await addTestJob('host');
    const stepId = (await findJob(jobId))?.steps[0]?.id ?? '';
    await stepLogs.append(jobId, stepId, Buffer.from('x'));
    await expect(deleteJob(jobId)).rejects.toMatchObject({ failure: { code: 'conflict' } });
    await cancelJob(jobId);
    await deleteJob(jobId);
    expect(await findJob(jobId)).toBeNull();
    expect(await readLog(jobId, stepId, 0, 1)).toBeNull();
  });

  it('bring a file home on request, once, after they have ended', async () => {
    await addTestInstance('host');
    const jobId = await addTestJob('host');
    const lease = await claim();
    await ledger.startJob(lease);
    const { id } = await ledger.recordArtifact(lease, {
      type: 'F16',
      fileName: 'a.gguf',
      hostPath: '/a',
      sizeBytes: 3,
      sha256: 'ab',
    });
    await expect(requestBringHome(id)).rejects.toMatchObject({ failure: { code: 'conflict' } });
    await ledger.finishJob(lease, { status: 'succeeded', failure: null });
    await requestBringHome(id);
    await requestBringHome(id);
    expect(await ledger.claimBringHome()).toMatchObject({ jobId, instanceId: 'host', artifact: { id, sizeBytes: 3 } });
    expect(await ledger.claimBringHome()).toBeNull();
    await ledger.recordArtifactHome(null, id, { path: '/home/a.gguf' });
    expect((await findJob(jobId))?.artifacts[0]).toMatchObject({ place: 'both', bringHomeState: 'done' });
  });
});

describe('instances', () => {
  it('keep a password encrypted and out of every view, and give it to the worker', async () => {
    const { instanceId } = await addInstance({
      name: 'pw',
      host: 'example.org',
      auth: 'password',
      password: 'sesame-open-123',
    });
    expect(JSON.stringify(await listInstances())).not.toContain('sesame');
    expect(await findEndpoint(instanceId)).toMatchObject({
      host: 'example.org',
      port: 22,
      user: 'root',
      auth: { kind: 'password', password: 'sesame-open-123' },
      pinned: null,
    });
  });

  it('use our own key unless one was imported, and forget that one with the instance', async () => {
    const own = await addInstance({ name: 'own', host: 'a.example' });
    expect((await findEndpoint(own.instanceId)).auth).toEqual({ kind: 'key', privateKey: 'own private' });
    const material = {
      publicKey: 'ssh-rsa BBBB',
      fingerprint: 'SHA256:imported',
      privateKey: 'imported private',
      passphrase: 'pass phrase',
    };
    const { instanceId } = await addInstance({ name: 'imported', host: 'b.example' }, material);
    expect((await findEndpoint(instanceId)).auth).toEqual({
      kind: 'key',
      privateKey: 'imported private',
      passphrase: 'pass phrase',
    });
    expect((await findInstance(instanceId))?.publicKey).toBe('ssh-rsa BBBB');
    await removeInstance(instanceId);
    await removeInstance(own.instanceId);
    const { client } = runtime();
    expect((await client.sshKey.findMany()).map(({ id }) => id)).toEqual(['default']);
    expect(await client.secret.count({ where: { owner: { startsWith: 'key:' } } })).toBe(1);
  });

  it('pin a host key once and forget it when the address changes', async () => {
    const { instanceId } = await addInstance({ name: 'n', host: 'a.example' });
    await pinHostKey(instanceId, 'SHA256:one');
    await pinHostKey(instanceId, 'SHA256:one');
    await expect(pinHostKey(instanceId, 'SHA256:two')).rejects.toMatchObject({ failure: { code: 'host-key-changed' } });
    await updateInstance(instanceId, { name: 'renamed' });
    expect(await findInstance(instanceId)).toMatchObject({
      name: 'renamed',
      port: 22,
      hostKeyFingerprint: 'SHA256:one',
    });
    await updateInstance(instanceId, { port: 2222 });
    expect(await findInstance(instanceId)).toMatchObject({ port: 2222, user: 'root', hostKeyFingerprint: null });
  });

  it('switch between password and key without leaving the other secret behind', async () => {
    const { instanceId } = await addInstance({
      name: 'n',
      host: 'a.example',
      auth: 'password',
      password: 'one-password',
    });
    await updateInstance(instanceId, { auth: 'key' });
    expect((await findEndpoint(instanceId)).auth.kind).toBe('key');
    expect(await runtime().client.secret.count({ where: { owner: { startsWith: `instance:${instanceId}` } } })).toBe(0);
    await expect(updateInstance(instanceId, { auth: 'password' })).rejects.toMatchObject({
      failure: { code: 'invalid-input' },
    });
  });

  it('are not removed while a job waits there', async () => {
    const { instanceId } = await addInstance({ name: 'n', host: 'a.example' });
    const jobId = await addTestJob(instanceId);
    await expect(removeInstance(instanceId)).rejects.toMatchObject({ failure: { code: 'conflict' } });
    await cancelJob(jobId);
    await removeInstance(instanceId);
    expect(await findInstance(instanceId)).toBeNull();
    expect((await findJob(jobId))?.instanceName).toBe('n');
  });

  it('are not removed with files that are only there, until each was given up by name', async () => {
    const { instanceId } = await addInstance({ name: 'n', host: 'a.example' });
    const jobId = await addTestJob(instanceId);
    await addTestArtifact(jobId);
    await cancelJob(jobId);
    for (const confirmed of [[], ['another.gguf']]) {
      await expect(removeInstance(instanceId, confirmed)).rejects.toMatchObject({
        failure: {
          code: 'conflict',
          evidence: ['tiny-Q4_K_M.gguf'],
          remedy: expect.stringContaining('Bring them home'),
        },
      });
    }
    expect(await findInstance(instanceId)).not.toBeNull();
    await removeInstance(instanceId, ['tiny-Q4_K_M.gguf']);
    expect(await findInstance(instanceId)).toBeNull();
  });

  it('are checked once for each request', async () => {
    const { instanceId } = await addInstance({ name: 'n', host: 'a.example' });
    await requestInstanceCheck(instanceId);
    expect(await claimRequestedCheck()).toBe(instanceId);
    expect(await claimRequestedCheck()).toBeNull();
    await recordCheck(instanceId, { failure });
    expect(await findInstance(instanceId)).toMatchObject({ checkState: 'failed', failure: { code: failure.code } });
  });
});

it('settings show that there is a hub token, never which', async () => {
  await saveSettings({ hfEndpoint: 'https://hub.example/', hfToken: 'hf_abcdefghijklmnopqrstuv' });
  expect(await readSettings()).toMatchObject({
    hfEndpoint: 'https://hub.example',
    hfTokenSet: true,
    publicKeyFingerprint: 'SHA256:own',
  });
  expect(JSON.stringify(await readSettings())).not.toContain('hf_abc');
  await saveSettings({ hfToken: null, hfEndpoint: null });
  expect(await readSettings()).toMatchObject({ hfEndpoint: null, hfTokenSet: false });
  await expect(saveSettings({ releaseBase: 'javascript:alert(1)' })).rejects.toMatchObject({
    failure: { code: 'invalid-input' },
  });
});

it('settings take pip constraints that are a path on the host or an address, and keep where sources come from', async () => {
  await saveSettings({ pipConstraints: '/etc/pip.txt', sourceBase: 'https://mirror.example/archive/' });
  expect(await readSettings()).toMatchObject({
    pipConstraints: '/etc/pip.txt',
    sourceBase: 'https://mirror.example/archive',
  });
  await saveSettings({ pipConstraints: 'https://mirror.example/pip.txt' });
  expect(await readSettings()).toMatchObject({ pipConstraints: 'https://mirror.example/pip.txt' });
  for (const pipConstraints of ['constraints.txt', '/two words', 'https://me:secret@mirror.example/pip.txt'])
    await expect(saveSettings({ pipConstraints })).rejects.toMatchObject({ failure: { code: 'invalid-input' } });
});
