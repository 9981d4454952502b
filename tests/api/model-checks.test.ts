import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as check from '../../app/api/v1/model-checks/[checkId]/route';
import * as checks from '../../app/api/v1/model-checks/route';
import type { ModelCheckReport } from '../../lib/domain/model-check';
import {
  claimModelCheck,
  pruneModelChecks,
  recordModelCheck,
  requeueModelChecks,
} from '../../lib/store/model-check-store';
import { runtime } from '../../lib/store/runtime';
import { type ApiHarness, context, openApi, READ_TOKEN, request, WRITE_TOKEN } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const post = (body: unknown, token = WRITE_TOKEN) =>
  checks.POST(request('/api/v1/model-checks', { token, body }), context({}));
const jsonOf = async (response: Response) => (await response.json()) as Record<string, unknown>;
const source = { kind: 'folder', path: '/models/some' };

const report: ModelCheckReport = {
  architecture: 'LlamaForCausalLM',
  parameterCount: 10,
  tensorCount: 2,
  totalBytes: 20,
  dtype: 'BF16',
  facts: { numHiddenLayers: { value: 40, tensor: 'model.layers.39.x', shape: [1] } },
  findings: [{ code: 'config-stripped', severity: 'blocks', message: 'm', remedy: 'r', evidence: [] }],
  repair: { patch: { num_hidden_layers: 40 }, undetermined: [], files: [] },
  provenance: [{ model: 'microsoft/phi-4', exact: true, differences: [] }],
  fits: [],
  stops: null,
  stopsAfterRepair: null,
  bytesRead: 123,
  durationMs: 45,
};

/** The worker's part, as soon as it is woken. */
function workOnce(outcome: Parameters<typeof recordModelCheck>[1]): Promise<void> {
  return new Promise((resolve, reject) => {
    const listener = () => {
      runtime().wakeListeners.delete(listener);
      claimModelCheck()
        .then((claimed) => (claimed ? recordModelCheck(claimed.id, outcome) : undefined))
        .then(resolve, reject);
    };
    runtime().wakeListeners.add(listener);
  });
}

describe('model checks over the API', () => {
  it('answer with the finished check, every key in place', async () => {
    const worked = workOnce({ report, commit: null });
    const response = await post({ source });
    await worked;
    expect(response.status).toBe(201);
    const body = await jsonOf(response);
    expect(response.headers.get('location')).toBe(`/api/v1/model-checks/${body['id']}`);
    expect(body).toMatchObject({
      status: 'succeeded',
      source: { ...source, instanceId: null },
      facts: report.facts,
      repair: report.repair,
      provenance: report.provenance,
      bytesRead: 123,
      durationMs: 45,
    });
    expect(body['findings']).toEqual([
      { ...report.findings[0], field: null, configured: null, actual: null, tensor: null },
    ]);
    const again = await check.GET(
      request(`/api/v1/model-checks/${body['id']}`, { token: READ_TOKEN }),
      context({ checkId: String(body['id']) }),
    );
    expect(await jsonOf(again)).toEqual(body);
    const list = await jsonOf(
      await checks.GET(request('/api/v1/model-checks?limit=1', { token: READ_TOKEN }), context({})),
    );
    expect(list['modelChecks']).toEqual([body]);
  });

  it('say why the source could not be read', async () => {
    const failure = { code: 'model-not-found', message: 'm', remedy: 'r', evidence: [], isTransient: false } as const;
    const worked = workOnce({ failure });
    const body = await jsonOf(await post({ source: { kind: 'hub', repo: 'a/b' } }));
    await worked;
    expect(body).toMatchObject({ status: 'failed', failure, facts: {}, findings: [], fits: [] });
  });

  it.each([
    [{ source: { kind: 'hub', repo: 'a b; rm' } }, 400],
    [{ source: { kind: 'folder', path: 'relative' } }, 400],
    [{}, 400],
    [{ source: { ...source, instanceId: 'nobody' } }, 404],
  ])('refuse %j', async (body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  it('need the right to write', async () => {
    expect((await post({ source }, READ_TOKEN)).status).toBe(403);
    const response = await check.GET(
      request('/api/v1/model-checks/x', { token: READ_TOKEN }),
      context({ checkId: 'x' }),
    );
    expect(response.status).toBe(404);
  });

  it('begin again when the process died in the middle, and the oldest are forgotten', async () => {
    await api.client.modelCheck.create({
      data: { id: 'half', source: { kind: 'hub', repo: 'a/b' }, status: 'running' },
    });
    expect(await claimModelCheck()).toBeNull();
    await requeueModelChecks();
    expect((await claimModelCheck())?.id).toBe('half');
    const count = await api.client.modelCheck.count();
    expect(await pruneModelChecks(1)).toBe(count - 1);
    expect((await api.client.modelCheck.findMany()).map(({ id }) => id)).toEqual(['half']);
  });
});
