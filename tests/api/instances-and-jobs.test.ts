import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobSchema, jobSummarySchema } from '../../app/api/_openapi/job-schemas';
import { artifactSchema, instanceSchema } from '../../app/api/_openapi/view-schemas';
import * as nowhere from '../../app/api/v1/[...path]/route';
import * as artifact from '../../app/api/v1/artifacts/[artifactId]/route';
import * as artifacts from '../../app/api/v1/artifacts/route';
import * as health from '../../app/api/v1/health/route';
import * as check from '../../app/api/v1/instances/[instanceId]/check/route';
import * as connection from '../../app/api/v1/instances/[instanceId]/connection/route';
import * as fix from '../../app/api/v1/instances/[instanceId]/fix-connection/route';
import * as forget from '../../app/api/v1/instances/[instanceId]/forget-host-key/route';
import * as instance from '../../app/api/v1/instances/[instanceId]/route';
import * as instances from '../../app/api/v1/instances/route';
import * as cancel from '../../app/api/v1/jobs/[jobId]/cancel/route';
import * as job from '../../app/api/v1/jobs/[jobId]/route';
import * as samples from '../../app/api/v1/jobs/[jobId]/samples/route';
import * as search from '../../app/api/v1/jobs/[jobId]/steps/[stepId]/log/search/route';
import * as jobs from '../../app/api/v1/jobs/route';
import { connectionFailure, diagnoseConnection } from '../../lib/domain/diagnose-connection';
import type { Failure } from '../../lib/domain/failure';
import { recordCheck } from '../../lib/store/instance-store';
import { stoppedAt } from '../support/connection-examples';
import {
  type ApiHarness,
  context,
  openApi,
  READ_TOKEN,
  type RequestOptions,
  request,
  WRITE_TOKEN,
} from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const none = context({});
const ask = (path: string, options: RequestOptions = {}) =>
  request(`/api/v1${path}`, { token: WRITE_TOKEN, ...options });
const jsonOf = async (response: Response) => (await response.json()) as Record<string, unknown>;

const newHost = {
  name: 'Box',
  host: '203.0.113.7',
  port: 2222,
  user: 'ubuntu',
  auth: 'password',
  password: 'correct horse battery staple',
};
const newJob = {
  source: { kind: 'hub', repo: 'HuggingFaceTB/SmolLM2-135M-Instruct' },
  instanceId: 'm1',
  outputs: ['F16', 'q4_k_m'],
};

async function addHost(): Promise<string> {
  const response = await instances.POST(ask('/instances', { body: newHost }), none);
  expect(response.status).toBe(201);
  return String((await jsonOf(response))['id']);
}

async function addJob(): Promise<string> {
  const response = await jobs.POST(ask('/jobs', { body: newJob }), none);
  expect(response.status).toBe(201);
  return String((await jsonOf(response))['id']);
}

describe('instances', () => {
  it('are listed as the description says', async () => {
    const body = await jsonOf(await instances.GET(ask('/instances'), none));
    const list = body['instances'] as unknown[];
    expect(list.length).toBeGreaterThanOrEqual(2);
    for (const each of list) expect(instanceSchema.strict().safeParse(each).error).toBeUndefined();
  });

  it('keep a password to themselves', async () => {
    const response = await instances.POST(ask('/instances', { body: newHost }), none);
    const text = await response.text();
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/api/v1/instances/${JSON.parse(text).id}`);
    expect(text).not.toContain('correct horse');
  });

  it('keep what a change does not mention', async () => {
    const instanceId = await addHost();
    const response = await instance.PATCH(
      ask(`/instances/${instanceId}`, { method: 'PATCH', body: { name: 'Renamed' } }),
      context({ instanceId }),
    );
    expect(await jsonOf(response)).toMatchObject({
      name: 'Renamed',
      host: '203.0.113.7',
      port: 2222,
      user: 'ubuntu',
      auth: 'password',
    });
  });

  it('answer to a check at once and do it later', async () => {
    const instanceId = await addHost();
    const response = await check.POST(
      ask(`/instances/${instanceId}/check`, { method: 'POST' }),
      context({ instanceId }),
    );
    expect([response.status, (await jsonOf(response))['checkState']]).toEqual([202, 'requested']);
  });

  it('tell what the last test of their connection found, and do what it offers', async () => {
    const instanceId = await addHost();
    const where = context({ instanceId });
    const path = `/instances/${instanceId}/connection`;
    expect(await jsonOf(await connection.GET(ask(path), where))).toEqual({
      checkState: 'never',
      checkedAt: null,
      report: null,
    });
    const asked = await connection.POST(ask(path, { method: 'POST' }), where);
    expect([asked.status, (await jsonOf(asked))['checkState']]).toEqual([202, 'requested']);
    const refused = stoppedAt('tcp', 'host-refused');
    const report = diagnoseConnection(refused, null);
    await recordCheck(instanceId, { failure: connectionFailure(refused, report) as Failure }, report);
    expect(instanceSchema.parse(await jsonOf(await instance.GET(ask(path), where))).connection).toEqual(report);
    const fixPath = `/instances/${instanceId}/fix-connection`;
    const notOffered = await fix.POST(ask(fixPath, { body: { fix: 'trust-host-key' } }), where);
    expect([notOffered.status, (await jsonOf(notOffered))['code']]).toEqual([409, 'conflict']);
    const body = { fix: 'use-command', command: 'ssh -p 40022 root@203.0.113.9' };
    expect((await fix.POST(ask(fixPath, { body, token: READ_TOKEN }), where)).status).toBe(403);
    expect((await fix.POST(ask(fixPath, { body }), where)).status).toBe(202);
    expect(await jsonOf(await instance.GET(ask(path), where))).toMatchObject({ host: '203.0.113.9', port: 40_022 });
    expect((await connection.GET(ask(path), context({ instanceId: 'none' }))).status).toBe(404);
  });

  it('forget their host key, which their next connection pins anew', async () => {
    const instanceId = await addHost();
    const where = context({ instanceId });
    const path = `/instances/${instanceId}/forget-host-key`;
    await api.client.instance.update({ where: { id: instanceId }, data: { hostKeyFingerprint: 'SHA256:old' } });
    const refused = await forget.POST(ask(path, { method: 'POST', token: READ_TOKEN }), where);
    expect([refused.status, (await jsonOf(refused))['code']]).toEqual([403, 'forbidden']);
    expect(await jsonOf(await instance.GET(ask(`/instances/${instanceId}`), where))).toMatchObject({
      hostKeyFingerprint: 'SHA256:old',
    });
    const response = await forget.POST(ask(path, { method: 'POST' }), where);
    expect([response.status, (await jsonOf(response))['hostKeyFingerprint']]).toEqual([200, null]);
    const missing = await forget.POST(ask(path, { method: 'POST' }), context({ instanceId: 'none' }));
    expect([missing.status, (await jsonOf(missing))['code']]).toEqual([404, 'not-found']);
  });

  it('are gone after they were removed', async () => {
    const instanceId = await addHost();
    const where = context({ instanceId });
    const file = { jobId: 'a-job', type: 'Q4_K_M', fileName: 'm-Q4_K_M.gguf', hostPath: '/m' };
    const step = { name: 'm', status: 'succeeded', definitionVersion: 1, spec: {} };
    await api.client.job.create({ data: { id: 'a-job', instanceId, ...step } as never });
    await api.client.artifact.create({ data: { id: 'a-file', ...file } });
    const remove = (query: string) =>
      instance.DELETE(ask(`/instances/${instanceId}${query}`, { method: 'DELETE' }), where);
    const refused = await remove('?confirmedUnsaved=other.gguf');
    expect([refused.status, await jsonOf(refused)]).toMatchObject([409, { evidence: [file.fileName] }]);
    expect((await remove(`?confirmedUnsaved=other.gguf,${file.fileName}`)).status).toBe(204);
    await api.client.job.delete({ where: { id: 'a-job' } });
    expect((await instance.GET(ask(`/instances/${instanceId}`), where)).status).toBe(404);
  });

  it('with a host name that is a shell command are refused', async () => {
    const response = await instances.POST(ask('/instances', { body: { ...newHost, host: '$(reboot)' } }), none);
    expect(await jsonOf(response)).toMatchObject({
      status: 400,
      code: 'invalid-input',
      evidence: ['host: This is not a host name or IP address.'],
    });
  });
});

describe('jobs', () => {
  it('are made, found and listed as the description says', async () => {
    const jobId = await addJob();
    const detail = await jsonOf(await job.GET(ask(`/jobs/${jobId}`), context({ jobId })));
    expect(detail).toMatchObject({ id: jobId, status: 'queued', outputs: ['F16', 'Q4_K_M'] });
    // The output side of the spec is what a client reads; the input side accepts aliases.
    expect(jobSchema.omit({ spec: true }).safeParse(detail).error).toBeUndefined();
    const list = await jsonOf(await jobs.GET(ask('/jobs?status=queued&limit=200'), none));
    const found = (list['jobs'] as { id: string }[]).find((each) => each.id === jobId);
    expect(jobSummarySchema.strict().safeParse(found).error).toBeUndefined();
  });

  it('of an unknown quantization are refused with what is near to it', async () => {
    const response = await jobs.POST(ask('/jobs', { body: { ...newJob, outputs: ['Q4_K_X'] } }), none);
    expect(await jsonOf(response)).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/^outputs\.0: .*Q4_K_M/),
    });
  });

  it('of a model id with shell metacharacters are refused', async () => {
    const response = await jobs.POST(
      ask('/jobs', { body: { ...newJob, source: { kind: 'hub', repo: 'a/b; rm -rf ~' } } }),
      none,
    );
    expect(response.status).toBe(400);
  });

  it('on an instance that does not exist are refused', async () => {
    const response = await jobs.POST(ask('/jobs', { body: { ...newJob, instanceId: 'nowhere' } }), none);
    expect(response.status).toBe(404);
  });

  it('that are still queued are canceled at once or soon', async () => {
    const jobId = await addJob();
    const response = await cancel.POST(ask(`/jobs/${jobId}/cancel`, { method: 'POST' }), context({ jobId }));
    const body = await jsonOf(response);
    expect(response.status).toBe(202);
    expect(body['cancelRequested'] === true || body['status'] === 'canceled').toBe(true);
  });

  it('have samples and logs only when they exist', async () => {
    const jobId = await addJob();
    const body = await jsonOf(await samples.GET(ask(`/jobs/${jobId}/samples?points=10`), context({ jobId })));
    expect(body).toEqual({ samples: [] });
    expect((await samples.GET(ask('/jobs/none/samples'), context({ jobId: 'none' }))).status).toBe(404);
    const nowhere = context({ jobId, stepId: 'none' });
    expect((await search.GET(ask(`/jobs/${jobId}/steps/none/log/search?q=error`), nowhere)).status).toBe(404);
    expect((await search.GET(ask(`/jobs/${jobId}/steps/none/log/search`), nowhere)).status).toBe(400);
  });

  it('find nothing in the log of a step without output', async () => {
    const jobId = await addJob();
    const { steps } = (await jsonOf(await job.GET(ask(`/jobs/${jobId}`), context({ jobId })))) as {
      steps: { id: string }[];
    };
    const stepId = steps[0]?.id ?? 'none';
    const response = await search.GET(
      ask(`/jobs/${jobId}/steps/${stepId}/log/search?q=error`),
      context({ jobId, stepId }),
    );
    expect(await jsonOf(response)).toEqual({ matches: [], truncated: false });
  });

  it.each(['limit=0', 'limit=many', 'status=done', 'offset=-1'])('are not listed for the query %s', async (query) => {
    expect((await jobs.GET(ask(`/jobs?${query}`), none)).status).toBe(400);
  });
});

describe('artifacts', () => {
  it('are listed and found as the description says, and never with a path of the dashboard', async () => {
    const jobId = await addJob();
    await api.client.artifact.create({
      data: {
        id: 'a1',
        jobId,
        type: 'Q4_K_M',
        fileName: 'm-Q4_K_M.gguf',
        hostPath: '/home/ann/.quantdeck/x/m.gguf',
        homePath: '/srv/data/a.gguf',
        sizeBytes: 5n,
        sha256: 'ab'.repeat(32),
      },
    });
    const text = await (await artifact.GET(ask('/artifacts/a1'), context({ artifactId: 'a1' }))).text();
    expect(artifactSchema.strict().safeParse(JSON.parse(text)).error).toBeUndefined();
    expect(text).not.toContain('/srv/data');
    const list = await jsonOf(await artifacts.GET(ask('/artifacts?type=Q4_K_M'), none));
    expect(list).toMatchObject({ total: 1, artifacts: [{ id: 'a1', place: 'both' }] });
  });
});

describe('an address that the API does not have', () => {
  const { GET, POST, PUT, PATCH, DELETE } = nowhere;
  it.each(Object.entries({ GET, POST, PUT, PATCH, DELETE }))('answers %s with a problem', async (method, handle) => {
    const response = await handle(ask('/no/such%2f..%2fthing', { method }), none);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect([response.status, await jsonOf(response)]).toMatchObject([404, { code: 'not-found' }]);
    expect((await handle(request('/api/v1/nope', { method }), none)).status).toBe(401);
  });
});

describe('health', () => {
  it('says the version to a stranger', async () => {
    const response = await health.GET(request('/api/v1/health'), none);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok', version: '0.1.0' }]);
  });
});
