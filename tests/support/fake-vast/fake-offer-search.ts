import type { FakeOffer } from './fake-offers';
import { FakeRefusal } from './fake-refusal';

/** Not more, whatever `limit` asks for. */
const MOST_OFFERS = 64;
const NOT_FILTERS = new Set(['type', 'order', 'limit', 'allocated_storage']);
/** Once filters, now taken and not looked at. */
const REMOVED_FILTERS = new Set(['has_avx', 'external']);

type Query = Readonly<Record<string, unknown>>;

export interface SearchOptions {
  readonly nowMs: number;
  /** A filter that is taken and not applied, as happens. */
  readonly ignoredFilter: string | null;
}

/** `POST /bundles/`: filters, price with the disk that is asked for, order, and never more than 64. */
export function searchOffers(offers: readonly FakeOffer[], query: Query, options: SearchOptions): object[] {
  const storageGb = Number(query['allocated_storage'] ?? 5);
  const isBid = query['type'] === 'bid';
  const rows = offers
    .filter((offer) => !offer.rented || 'ask_contract_id' in query)
    .map((offer) => offerRow(offer, storageGb, options.nowMs));
  const found = rows.filter((row) => row['is_bid'] === isBid && matches(row, query, options.ignoredFilter));
  const [column = 'score', direction = 'desc'] = firstOrder(query['order']);
  found.sort((a, b) => (Number(a[column] ?? 0) - Number(b[column] ?? 0)) * (direction === 'asc' ? 1 : -1));
  const limit = Number(query['limit'] ?? MOST_OFFERS);
  return found.slice(0, Math.min(limit, MOST_OFFERS)).map(({ country, datacenter, verified, ...shown }) => shown);
}

/** One offer as the API writes it, with columns that only filters see. */
function offerRow(offer: FakeOffer, storageGb: number, nowMs: number): Record<string, unknown> {
  const storage_total_cost = (offer.storage_cost * storageGb) / 720;
  return {
    ...offer,
    ask_contract_id: offer.id,
    bundle_id: offer.id + 5_000_000,
    storage_total_cost,
    dph_total: offer.dph_base + storage_total_cost,
    reliability: offer.reliability2,
    duration: offer.end_date - nowMs / 1000,
    rentable: !offer.rented,
    external: null,
    gpu_total_ram: offer.gpu_ram * offer.num_gpus,
    public_ipaddr: ' 203.0.113.9\n',
    score: 100 / offer.dph_base,
    min_bid: offer.dph_base / 2,
    search: { gpuCostPerHour: offer.dph_base, diskHour: storage_total_cost, totalHour: offer.dph_base },
    verified: offer.verification === 'verified',
    datacenter: offer.hosting_type === 1,
    country: /([A-Z]{2})$/.exec(offer.geolocation ?? '')?.[1] ?? null,
  };
}

function firstOrder(order: unknown): string[] {
  const [first] = Array.isArray(order) ? (order as unknown[]) : [];
  return Array.isArray(first) ? first.map(String) : [];
}

function matches(row: Readonly<Record<string, unknown>>, query: Query, ignored: string | null): boolean {
  return Object.entries(query).every(([name, condition]) => {
    if (NOT_FILTERS.has(name) || REMOVED_FILTERS.has(name) || name === ignored) return true;
    if (name === 'id') return false;
    const column = name === 'geolocation' ? 'country' : name;
    return Object.entries(condition as object).every(([operator, wanted]) => holds(operator, row[column], wanted));
  });
}

const OPERATORS: Readonly<Record<string, (actual: unknown, wanted: unknown) => boolean>> = {
  eq: (actual, wanted) => actual === wanted,
  neq: (actual, wanted) => actual !== wanted,
  gt: (actual, wanted) => Number(actual) > Number(wanted),
  gte: (actual, wanted) => Number(actual) >= Number(wanted),
  lt: (actual, wanted) => Number(actual) < Number(wanted),
  lte: (actual, wanted) => Number(actual) <= Number(wanted),
  in: (actual, wanted) => (wanted as unknown[]).includes(actual),
  notin: (actual, wanted) => !(wanted as unknown[]).includes(actual),
};

function holds(operator: string, actual: unknown, wanted: unknown): boolean {
  const test = OPERATORS[operator];
  if (!test) throw new FakeRefusal(400, 'invalid_request', `${operator} is not a valid search op`);
  return test(actual, wanted);
}
