import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as answers from '../../app/api/v1/model-checks/[checkId]/answers/route';
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
  repair: { patch: { num_hidden_layers: 40 }, undetermined: [], files: [], answers: [] },
  provenance: [{ model: 'microsoft/phi-4', exact: true, differences: [] }],
  fits: [],
  stops: null,
  stopsAfterRepair: null,
  refusedAnswers: [],
  waitsForAnswers: false,
  bytesRead: 123,
  durationMs: 45,
};

const GIB = 1024 ** 3;
const fit = { contextTokens: 4096, verdict: 'fits', isRecommended: false, note: '' } as const;
const ram = (gib: number) => ({ ramBytes: gib * GIB, ramByContext: [{ contextTokens: 4096, ramBytes: gib * GIB }] });
const sized: ModelCheckReport = {
  ...report,
  fits: [
    { ...fit, type: 'F16', sizeBytes: 20 * GIB, ...ram(21) },
    { ...fit, type: 'Q4_K_M', sizeBytes: 5 * GIB, ...ram(6) },
  ],
  work: { baseType: 'F16', sourceBytes: 20 * GIB, largestTensorElements: 1000 },
};
const question = {
  field: 'num_attention_heads',
  candidates: [8, 16],
  reason: 'q_proj [1024, 1024] proves the product only.',
  options: [],
  limits: null,
  isRequired: true,
};
const asking: ModelCheckReport = { ...report, repair: { ...report.repair, undetermined: [question] } };

/** The worker's part, as soon as it is woken. */
function workOnce(
  outcome: Parameters<typeof recordModelCheck>[1],
  onClaim: (check: unknown) => void = () => undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const listener = () => {
      runtime().wakeListeners.delete(listener);
      claimModelCheck()
        .then((claimed) => {
          onClaim(claimed);
          return claimed ? recordModelCheck(claimed.id, outcome) : undefined;
        })
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

  it('are judged for a device, the default one or the one that is named, with what each step needs', async () => {
    const worked = workOnce({ report: sized, commit: null });
    const { id, ...body } = await jsonOf(await post({ source }));
    await worked;
    expect(body).toMatchObject({
      device: { id: 'laptop-12-i3' },
      fits: [
        { type: 'F16', verdict: 'too-big' },
        { type: 'Q4_K_M', verdict: 'fits', isRecommended: true },
      ],
    });
    const steps = body['steps'] as { step: string; diskBytes: number }[];
    expect(steps.find(({ step }) => step === 'quantize')?.diskBytes).toBe(20 * GIB + 20 * GIB + 5 * GIB);
    const ask = async (query: string) => {
      const path = `/api/v1/model-checks/${id}?${query}`;
      return check.GET(request(path, { token: READ_TOKEN }), context({ checkId: String(id) }));
    };
    expect(await jsonOf(await ask('device=graphics-24'))).toMatchObject({
      device: { id: 'graphics-24', name: expect.stringContaining('24 GB') },
      fits: [{ verdict: 'tight' }, { verdict: 'fits' }],
    });
    const planned = (await jsonOf(await ask('outputs=F16')))['steps'] as { step: string }[];
    expect(planned.some(({ step }) => step === 'quantize')).toBe(false);
    expect((await ask('device=abacus')).status).toBe(400);
    expect((await ask('outputs=Q99')).status).toBe(400);
  });

  it('take answers to what is open, refuse those that cannot be true, and look again', async () => {
    const worked = workOnce({ report: asking, commit: 'c'.repeat(40) });
    const { id } = await jsonOf(await post({ source: { kind: 'hub', repo: 'a/b' } }));
    await worked;
    const give = (given: unknown) =>
      answers.POST(
        request(`/api/v1/model-checks/${id}/answers`, { token: WRITE_TOKEN, body: { answers: given } }),
        context({ checkId: String(id) }),
      );
    const refused = await give({ num_attention_heads: 7 });
    expect(refused.status).toBe(422);
    expect(await jsonOf(refused)).toMatchObject({
      code: 'answer-contradicts-tensors',
      evidence: [expect.stringMatching(/^num_attention_heads: 7 does not fit/)],
    });
    expect((await give({ nobody_asked: 1 })).status).toBe(422);
    expect((await give('many')).status).toBe(400);

    let claimed: unknown;
    const again = workOnce({ report, commit: 'c'.repeat(40) }, (check) => {
      claimed = check;
    });
    const accepted = await give({ num_attention_heads: 8 });
    await again;
    expect(accepted.status).toBe(200);
    expect(claimed).toMatchObject({ id, commit: 'c'.repeat(40), answers: { num_attention_heads: 8 } });
    expect(await jsonOf(accepted)).toMatchObject({ id, status: 'succeeded', repair: report.repair });
    const nowhere = context({ checkId: 'nowhere' });
    const missing = request('/api/v1/model-checks/nowhere/answers', { token: WRITE_TOKEN, body: { answers: {} } });
    expect((await answers.POST(missing, nowhere)).status).toBe(404);
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
