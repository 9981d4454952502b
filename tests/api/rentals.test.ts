import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jobSchema } from '../../app/api/_openapi/job-schemas';
import { rentalSchema } from '../../app/api/_openapi/rental-schemas';
import * as jobs from '../../app/api/v1/jobs/route';
import * as budget from '../../app/api/v1/rental-budget/route';
import * as events from '../../app/api/v1/rentals/[rentalId]/events/route';
import * as extension from '../../app/api/v1/rentals/[rentalId]/extension/route';
import * as goal from '../../app/api/v1/rentals/[rentalId]/goal/route';
import * as restart from '../../app/api/v1/rentals/[rentalId]/restart/route';
import * as rental from '../../app/api/v1/rentals/[rentalId]/route';
import * as rentals from '../../app/api/v1/rentals/route';
import * as choice from '../../app/api/v1/strays/[serviceId]/choice/route';
import * as strays from '../../app/api/v1/strays/route';
import { nanoUsdOf } from '../../lib/domain/money';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { addTestCheck, putMachine, TERMS, tellOf } from '../support/test-rental';
import { type ApiHarness, context, openApi, READ_TOKEN, request, WRITE_TOKEN } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApi();
  await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:own', privateKey: 'own' }));
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.client.job.deleteMany();
  await api.client.rental.deleteMany();
});

const write = (body: unknown) => ({ token: WRITE_TOKEN, body });
const read = { token: READ_TOKEN };

async function rent(change: object = {}) {
  const body = { checkId: await addTestCheck(), outputs: ['q4_k_m'], rental: TERMS, ...change };
  return jobs.POST(request('/api/v1/jobs', write(body)), context({}));
}

async function rented() {
  const { spec } = jobSchema.parse(await (await rent()).json());
  return spec.rental?.rentalId ?? '';
}

describe('POST /jobs with rental terms', () => {
  it('answers with the job, and the rental can be looked at', async () => {
    const response = await rent();
    expect(response.status).toBe(201);
    const job = jobSchema.parse(await response.json());
    expect(job).toMatchObject({ status: 'queued', outputs: ['Q4_K_M'], spec: { rental: { afterwards: 'destroy' } } });
    const id = job.spec.rental?.rentalId ?? '';
    await putMachine(id);
    await tellOf(id, 'The machine answers.');
    const one = await rental.GET(request(`/api/v1/rentals/${id}`, read), context({ rentalId: id }));
    const view = rentalSchema.omit({ tries: true }).parse(await one.json());
    expect(view).toMatchObject({ state: 'ready', phase: 'running', jobIds: [job.id], instanceId: job.instanceId });
    expect(view.money).toEqual({
      spentNanoUsd: 0,
      spentDiskNanoUsd: 0,
      spentTrafficNanoUsd: 0,
      nowNanoUsdPerHour: 200_000_000,
      charges: null,
    });
    const list = await rentals.GET(request('/api/v1/rentals', read), context({}));
    expect(await list.json()).toMatchObject({ rentals: [{ id }] });
    const story = await events.GET(request(`/api/v1/rentals/${id}/events`, read), context({ rentalId: id }));
    expect(await story.json()).toMatchObject({ events: [{ level: 'note', text: 'The machine answers.' }] });
  });

  it('names each field that is wrong, as for a job on an instance', async () => {
    const response = await rent({ rental: { ...TERMS, mostTries: 99 }, outputs: ['Q99'] });
    expect(response.status).toBe(400);
    const { code, evidence } = (await response.json()) as { code: string; evidence: string[] };
    expect(code).toBe('invalid-input');
    expect(evidence.map((line) => line.split(':', 1)[0])).toEqual(['outputs.0', 'rental.mostTries']);
  });

  it('lets nobody name a rental of their own', async () => {
    const source = { kind: 'hub', repo: 'acme/tiny' };
    const body = { source, instanceId: 'h1', outputs: ['F16'], rental: { rentalId: 'r', afterwards: 'keep' } };
    const response = await jobs.POST(request('/api/v1/jobs', write(body)), context({}));
    expect(response.status).toBe(400);
    expect(await api.client.job.count()).toBe(0);
  });
});

describe('the goal of a rental', () => {
  it('is refused while its job waits, and written once that is over', async () => {
    const id = await rented();
    const ask = (body: object) =>
      goal.POST(request(`/api/v1/rentals/${id}/goal`, write(body)), context({ rentalId: id }));
    expect((await ask({ goal: 'gone' })).status).toBe(409);
    await api.client.job.updateMany({ data: { status: 'failed' } });
    const response = await ask({ goal: 'gone' });
    expect(response.status).toBe(202);
    expect(rentalSchema.parse(await response.json())).toMatchObject({ goal: 'gone', state: 'looking' });
    expect((await ask({ goal: 'sold' })).status).toBe(400);
    const nobody = await rental.GET(request('/api/v1/rentals/no', read), context({ rentalId: 'no' }));
    expect(nobody.status).toBe(404);
  });
});

describe('the restart of a rented machine', () => {
  it('is written down for one that is ready and that no job is open on', async () => {
    const id = await rented();
    const ask = (rentalId: string) =>
      restart.POST(
        request(`/api/v1/rentals/${rentalId}/restart`, { ...write({}), method: 'POST' }),
        context({ rentalId }),
      );
    expect((await ask(id)).status).toBe(409);
    await putMachine(id);
    expect((await ask(id)).status).toBe(409);
    await api.client.job.updateMany({ data: { status: 'failed' } });
    const response = await ask(id);
    expect(response.status).toBe(202);
    expect(rentalSchema.omit({ tries: true }).parse(await response.json())).toMatchObject({ goal: 'running' });
    expect((await api.client.rental.findUniqueOrThrow({ where: { id } })).restartWantedAt).not.toBeNull();
    expect((await ask('no')).status).toBe(404);
  });

  it('is forgotten when something else is wanted', async () => {
    const id = await rented();
    await api.client.job.updateMany({ data: { status: 'failed' } });
    await putMachine(id);
    await api.client.rental.update({ where: { id }, data: { restartWantedAt: new Date() } });
    await goal.POST(request(`/api/v1/rentals/${id}/goal`, write({ goal: 'stopped' })), context({ rentalId: id }));
    expect((await api.client.rental.findUniqueOrThrow({ where: { id } })).restartWantedAt).toBeNull();
  });
});

describe('money and strays', () => {
  it('limits a month, and refuses a job beyond it', async () => {
    const limit = (body: object) => budget.PATCH(request('/api/v1/rental-budget', write(body)), context({}));
    const limited = await limit({ monthUsd: 0.5 });
    expect(await limited.json()).toEqual({ limitNanoUsd: nanoUsdOf(0.5), spentNanoUsd: 0, promisedNanoUsd: 0 });
    const response = await rent();
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'rental-budget-reached' });
    await limit({ monthUsd: null });
    const month = await budget.GET(request('/api/v1/rental-budget', read), context({}));
    expect(await month.json()).toMatchObject({ limitNanoUsd: null });
  });

  it('lists what nobody knows of and takes a choice', async () => {
    const lastSeenAt = new Date();
    await api.client.strayInstance.create({ data: { serviceId: '9', label: 'quantdeck:a:b', seen: {}, lastSeenAt } });
    const list = await strays.GET(request('/api/v1/strays', read), context({}));
    expect(await list.json()).toMatchObject({ strays: [{ serviceId: '9', choice: 'none' }] });
    const ask = (serviceId: string) =>
      choice.POST(request('/api/v1/strays/9/choice', write({ choice: 'destroy' })), context({ serviceId }));
    expect(await (await ask('9')).json()).toMatchObject({ strays: [{ choice: 'destroy' }] });
    expect((await ask('10')).status).toBe(404);
  });
});

describe('more for a rental', () => {
  it('is allowed, and refused when it is nothing', async () => {
    const id = await rented();
    const ask = (body: object) =>
      extension.POST(request(`/api/v1/rentals/${id}/extension`, write(body)), context({ rentalId: id }));
    const response = await ask({ moreNanoUsd: nanoUsdOf(0.5), moreMs: 60_000 });
    expect(response.status).toBe(202);
    const { terms } = rentalSchema.parse(await response.json());
    expect(terms).toMatchObject({ mostNanoUsd: nanoUsdOf(1.5), mostMs: TERMS.mostMs + 60_000 });
    expect((await ask({})).status).toBe(400);
  });
});
