import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jobSchema } from '../../app/api/_openapi/job-schemas';
import { rankedOffersSchema } from '../../app/api/_openapi/offer-operations';
import * as jobs from '../../app/api/v1/jobs/route';
import * as offers from '../../app/api/v1/offers/route';
import { chooseDevice } from '../../lib/commands/choose-device';
import type { ModelCheckReport } from '../../lib/domain/model-check';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { claimRentalQuestion, recordRentalAnswer } from '../../lib/store/rental-question-store';
import { runtime } from '../../lib/store/runtime';
import { exampleOffer } from '../support/rental-examples';
import { SOUND_REPORT } from '../support/test-rental';
import { type ApiHarness, context, openApi, READ_TOKEN, request, WRITE_TOKEN } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await openApi();
  await api.client.modelCheck.createMany({
    data: [
      { id: 'done', source: { kind: 'hub', repo: 'a/b' }, status: 'succeeded', report: { ...SOUND_REPORT } as object },
      {
        id: 'sized',
        source: { kind: 'hub', repo: 'a/b' },
        status: 'succeeded',
        report: { ...SOUND_REPORT, fits } as object,
      },
      { id: 'open', source: { kind: 'hub', repo: 'a/b' } },
      {
        id: 'here',
        source: { kind: 'folder', path: '/models/a', instanceId: null },
        status: 'succeeded',
        report: { ...SOUND_REPORT } as object,
      },
      {
        id: 'elsewhere',
        source: { kind: 'folder', path: '/models/a', instanceId: 'h1' },
        status: 'succeeded',
        report: { ...SOUND_REPORT } as object,
      },
    ],
  });
});
afterAll(() => api.close());
afterEach(async () => {
  runtime().wakeListeners.clear();
  await api.client.rentalQuestion.deleteMany();
});

const GIB = 1024 ** 3;
const ram = (gib: number) => ({ ramBytes: gib * GIB, ramByContext: [{ contextTokens: 4096, ramBytes: gib * GIB }] });
const fit = { contextTokens: 4096, verdict: 'fits', isRecommended: false, note: '' } as const;
/** As a check stores them: with the verdict for the device that Quantdeck begins with. */
const fits: ModelCheckReport['fits'] = [
  { ...fit, type: 'Q8_0', sizeBytes: 3 * GIB, ...ram(4) },
  { ...fit, type: 'Q4_K_M', sizeBytes: 2 * GIB, ...ram(3), isRecommended: true },
];

const get = (query: string, token: string | null = READ_TOKEN) =>
  offers.GET(request(`/api/v1/offers?${query}`, token === null ? {} : { token }), context({}));

/** The server's part, whenever it is woken. */
function answerWith(outcome: Parameters<typeof recordRentalAnswer>[1]): { count: number } {
  const asked = { count: 0 };
  runtime().wakeListeners.add(() => {
    asked.count += 1;
    void claimRentalQuestion().then((claimed) => (claimed ? recordRentalAnswer(claimed.id, outcome) : undefined));
  });
  return asked;
}

const MARKET = [
  exampleOffer({ id: '1', baseNanoUsdPerHour: 400_000_000 }),
  exampleOffer({ id: '2', isDatacenter: true, country: 'DE' }),
  exampleOffer({ id: '3', downBitsPerSecond: 200_000_000 }),
];

describe('GET /offers', () => {
  it('ranks the market for the job, explains the first, and says why others cannot', async () => {
    const asked = answerWith({ answer: { offers: MARKET } });
    const response = await get('checkId=done&types=Q4_K_M,Q8_0');
    expect(response.status).toBe(200);
    const body = rankedOffersSchema.parse(await response.json());
    expect(body.offers.map(({ offer }) => offer.id)).toEqual(['2', '1']);
    expect(body).toMatchObject({ bestOfferId: '2', checkId: 'done' });
    expect(body.reason).toMatch(/cheaper than the next one/);
    expect(body.refused.map(({ offer, problems }) => [offer.id, problems[0]?.code])).toEqual([['3', 'line-too-slow']]);
    expect(body.work.outputs.map(({ type }) => type)).toEqual(['Q4_K_M', 'Q8_0']);
    // Within a minute the same market is good for another question about the same disk.
    const filtered = rankedOffersSchema.parse(
      await (await get('checkId=done&types=Q4_K_M,Q8_0&line=100&sort=hourly')).json(),
    );
    expect(asked.count).toBe(1);
    expect(filtered.offers).toHaveLength(3);
    const german = rankedOffersSchema.parse(await (await get('checkId=done&types=Q4_K_M,Q8_0&country=de')).json());
    expect(german.offers.map(({ offer }) => offer.id)).toEqual(['2']);
  });

  it('proposes terms for each machine, which rent it when they are sent as they are, and nothing is rented without', async () => {
    await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA', fingerprint: 'SHA256:own', privateKey: 'own' }));
    answerWith({ answer: { offers: MARKET } });
    const query = 'checkId=done&types=Q4_K_M&country=DE&datacenter=1&line=300&most=0.7';
    const body = rankedOffersSchema.parse(await (await get(query)).json());
    const [first] = body.offers;
    expect(first?.proposedTerms).toMatchObject({
      offerId: '2',
      countries: ['DE'],
      isDatacenterOnly: true,
      leastDownBitsPerSecond: 300_000_000,
      afterwards: 'destroy',
    });
    expect(first?.proposedTerms.mostNanoUsd).toBeLessThanOrEqual(700_000_000);
    expect(first?.proposedTerms.mostNanoUsdPerHour).toBeGreaterThan(first?.estimate.nanoUsdPerHour ?? 0);
    const rent = (rental?: unknown) =>
      jobs.POST(
        request('/api/v1/jobs', { token: WRITE_TOKEN, body: { checkId: 'done', outputs: ['Q4_K_M'], rental } }),
        context({}),
      );
    for (const missing of [undefined, {}]) expect((await rent(missing)).status).toBe(400);
    expect(await api.client.rental.count()).toBe(0);
    const rented = await rent(first?.proposedTerms);
    expect(rented.status).toBe(201);
    jobSchema.parse(await rented.json());
    expect(await api.client.rental.findMany()).toMatchObject([{ terms: first?.proposedTerms }]);
  });

  it('reckons with the own line of the dashboard for a folder of its machine', async () => {
    answerWith({ answer: { offers: MARKET } });
    const [hub, here] = await Promise.all(
      ['done', 'here'].map(async (id) =>
        rankedOffersSchema.parse(await (await get(`checkId=${id}&types=Q8_0`)).json()),
      ),
    );
    expect(here?.work).toEqual({ ...hub?.work, sourceFrom: 'dashboard' });
    expect(here?.reason).toContain("to send the checkpoint over the dashboard's own line");
    const downloadMs = (body: typeof hub) => body?.offers[0]?.estimate.times.downloadMs ?? 0;
    expect(downloadMs(here)).toBeGreaterThan(5 * downloadMs(hub));
  });

  it('is for the file that fits the default device, unless files are named', async () => {
    answerWith({ answer: { offers: MARKET } });
    const outputs = async () => {
      const body = rankedOffersSchema.parse(await (await get('checkId=sized')).json());
      return body.work.outputs.map(({ type }) => type);
    };
    expect(await outputs()).toEqual(['Q4_K_M']);
    await chooseDevice('graphics-24');
    expect(await outputs()).toEqual(['Q8_0']);
    await chooseDevice('laptop-12-i3');
  });

  it('passes on what the service said', async () => {
    answerWith({
      failure: { code: 'rental-key-missing', message: 'no key', remedy: 'enter it', evidence: [], isTransient: false },
    });
    const response = await get('checkId=done');
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'rental-key-missing', detail: 'no key', remedy: 'enter it' });
  });

  it.each([
    ['checkId=nobody', 404],
    ['checkId=open', 409],
    // A rented machine cannot read what lies on another host.
    ['checkId=elsewhere', 409],
    ['', 400],
    ['checkId=done&types=Q99', 400],
    ['checkId=done&sort=colour', 400],
  ])('%s is %i', async (query, status) => {
    expect((await get(query)).status).toBe(status);
  });

  it('needs somebody who may read', async () => {
    expect((await get('checkId=done', null)).status).toBe(401);
  });
});
