import { checkMoney } from './fake-accounts';
import type { FakeCreateBody } from './fake-instance';
import { createInstance } from './fake-life';
import { searchOffers } from './fake-offer-search';
import { FakeRefusal } from './fake-refusal';
import type { FakeCall, FakeRoute } from './fake-route';

const TOO_LONG = 'error 400/3471: Invalid args: len(image) > 1024, or len(args) > 16384, or len(label) > 256';

/** The market: looking, and renting. */
export const OFFER_ROUTES: readonly FakeRoute[] = [
  {
    method: 'POST',
    path: /^\/api\/v0\/bundles\/$/,
    scope: 'open',
    name: 'bundles',
    thresholdSeconds: 1,
    handle: ({ world, body }) => ({
      offers: searchOffers(world.offers, body, { nowMs: world.nowMs(), ignoredFilter: world.ignoredFilter }),
    }),
  },
  {
    method: 'PUT',
    path: /^\/api\/v0\/asks\/(\d+)\/$/,
    scope: 'instance_write',
    name: 'asks',
    thresholdSeconds: 4.5,
    penaltySeconds: 12,
    handle: create,
  },
];

function create({ world, account, ids, body }: FakeCall): object {
  const wish = validated(body);
  const offer = world.offers.find((each) => each.id === ids[0]);
  if (!offer || offer.rented) throw offerGone(ids[0] ?? 0);
  checkMoney(account);
  const instance = createInstance(world, offer, wish, account);
  if (instance.scenario === 'created-stopped') {
    throw new FakeRefusal(200, 'bid_too_low', 'Instance created in stopped state.', { new_contract: instance.id });
  }
  return { success: true, new_contract: instance.id, instance_api_key: instance.apiKey };
}

/** Three ways to say it were seen; which one depends on the offer here, so that each is met. */
function offerGone(id: number): FakeRefusal {
  const message = `error 404/3603: no_such_ask Instance type by id ${id} is not available.`;
  if (id % 3 === 0) return new FakeRefusal(400, 'invalid_args', message);
  if (id % 3 === 1) return new FakeRefusal(410, 'no_such_ask', message);
  return new FakeRefusal(404, 'no_such_ask', message);
}

function validated(body: FakeCall['body']): FakeCreateBody {
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : null);
  const { env, disk } = body;
  if (env !== undefined && (env === null || typeof env !== 'object' || Array.isArray(env))) {
    throw new FakeRefusal(400, 'invalid_args', 'invalid env type: env must be a dict');
  }
  const image = text('image') ?? '';
  const onstart = text('onstart');
  const label = text('label');
  if (image === '' || image.length > 1024 || (onstart ?? '').length > 16_384 || (label ?? '').length > 256) {
    throw new FakeRefusal(400, 'invalid_args', TOO_LONG);
  }
  if (typeof disk !== 'number' || disk < 8) {
    throw new FakeRefusal(400, 'invalid_args', 'error 400/3470: disk must be at least 8 GB');
  }
  return { image, disk, label, onstart, runtype: text('runtype') ?? 'ssh', env: (env ?? {}) as Record<string, string> };
}
