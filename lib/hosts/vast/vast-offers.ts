import { nanoUsdOf } from '../../domain/money';
import { memoryShare, type Offer } from '../../domain/offer';
import type { OfferSearch } from '../host-provider';
import { plainText } from './plain-text';
import type { VastApi } from './vast-api';
import { ROUTES } from './vast-routes';
import { offerSchema, offersSchema, type VastOffer } from './vast-schemas';

/** More never comes, whatever is asked for. */
const PAGE = 64;
const MOST_PAGES = 8;
const MEGA = 1_000_000;
const GIGA = 1_000_000_000;

type Filters = Readonly<Record<string, unknown>>;

/**
 * Searches as vast takes it and goes on from the price of the last one, since there are no pages. Filters on the processor
 * are left to `offerProblems`: vast has taken some away.
 */
export async function searchVastOffers(api: VastApi, search: OfferSearch): Promise<Offer[]> {
  const found = new Map<string, Offer>();
  let fromPrice: number | null = null;
  for (let page = 0; page < MOST_PAGES && found.size < search.mostOffers; page += 1) {
    const before = found.size;
    const rows = await askForOffers(api, {
      ...filtersOf(search),
      ...(fromPrice === null ? {} : { dph_total: { gte: fromPrice } }),
    });
    for (const row of rows) {
      const offer = offerOf(row);
      if (offer !== null) found.set(offer.id, offer);
    }
    const last = priceOf(rows.at(-1));
    // Fewer than a page is the end; the same page again would never end.
    if (rows.length < PAGE || last === null || found.size === before) break;
    fromPrice = last;
  }
  return [...found.values()].slice(0, search.mostOffers);
}

/** One offer as it is now. By `ask_contract_id`: filtering on `id` finds nothing. */
export async function findVastOffer(api: VastApi, offerId: string, diskGb: number): Promise<Offer | null> {
  const rows = await askForOffers(api, {
    type: 'on-demand',
    ask_contract_id: { eq: Number(offerId) },
    allocated_storage: diskGb,
    limit: 2,
  });
  const offers = rows.map(offerOf).filter((offer) => offer?.id === offerId && offer.isRentable && !offer.isRented);
  return offers[0] ?? null;
}

async function askForOffers(api: VastApi, body: Filters): Promise<unknown[]> {
  const { offers } = await api.ask({ route: ROUTES.searchOffers, path: '/api/v0/bundles/', body }, offersSchema);
  return offers;
}

function filtersOf(search: OfferSearch): Filters {
  return {
    type: 'on-demand',
    verified: { eq: true },
    rentable: { eq: true },
    rented: { eq: false },
    cpu_arch: { eq: 'amd64' },
    direct_port_count: { gte: 1 },
    disk_space: { gte: search.diskGb },
    inet_down: { gte: search.leastDownBitsPerSecond / MEGA },
    reliability: { gte: search.leastReliability },
    ...(search.countries.length > 0 ? { geolocation: { in: search.countries } } : {}),
    allocated_storage: search.diskGb,
    order: [['dph_total', 'asc']],
    limit: PAGE,
  };
}

function priceOf(row: unknown): number | null {
  const price = typeof row === 'object' && row !== null && 'dph_total' in row ? row.dph_total : null;
  return typeof price === 'number' && Number.isFinite(price) ? price : null;
}

/** Null for a row that is no offer, or has no price. */
function offerOf(row: unknown): Offer | null {
  const parsed = offerSchema.safeParse(row);
  if (!parsed.success) return null;
  const { data } = parsed;
  return { ...machineOf(data), ...pricesOf(data), ...termsOf(data) };
}

function machineOf(row: VastOffer) {
  const cores = row.cpu_cores_effective ?? row.cpu_cores ?? 0;
  return {
    id: row.id,
    machineId: row.machine_id,
    hostId: row.host_id ?? null,
    gpuName: plainText(row.gpu_name, 80),
    gpuCount: row.num_gpus ?? 0,
    gpuMemoryBytes: (row.gpu_ram ?? 0) * MEGA,
    gpuTeraflops: row.total_flops ?? null,
    cudaVersion: row.cuda_max_good ?? null,
    cpuName: plainText(row.cpu_name, 120),
    cpuArchitecture: plainText(row.cpu_arch, 20),
    cores,
    cpuGhz: row.cpu_ghz ?? null,
    hasAvx: Boolean(row.has_avx),
    memoryBytes: memoryShare((row.cpu_ram ?? 0) * MEGA, cores, row.cpu_cores ?? null, row.gpu_frac ?? null),
    diskBytes: (row.disk_space ?? 0) * GIGA,
    diskBytesPerSecond: row.disk_bw ? row.disk_bw * MEGA : null,
    // Megabits, though the API's description says otherwise.
    downBitsPerSecond: (row.inet_down ?? 0) * MEGA,
    upBitsPerSecond: (row.inet_up ?? 0) * MEGA,
    directPortCount: Math.max(0, row.direct_port_count ?? 0),
    hasStaticIp: row.static_ip ?? false,
  };
}

function pricesOf(row: VastOffer) {
  return {
    baseNanoUsdPerHour: nanoUsdOf(row.dph_base),
    storageNanoUsdPerGbMonth: nanoUsdOf(row.storage_cost),
    downNanoUsdPerGb: nanoUsdOf(row.inet_down_cost),
    upNanoUsdPerGb: nanoUsdOf(row.inet_up_cost),
  };
}

function termsOf(row: VastOffer) {
  const place = plainText(row.geolocation, 80);
  return {
    reliability: row.reliability2 ?? row.reliability ?? 0,
    isVerified: row.verification === 'verified',
    isDatacenter: row.hosting_type === 1,
    isRentable: row.rentable ?? true,
    isRented: row.rented ?? false,
    isOnDemand: row.is_bid !== true,
    place,
    country: /([A-Z]{2})$/.exec(place ?? '')?.[1] ?? null,
    availableMs: row.duration ? Math.max(0, Math.round(row.duration * 1000)) : null,
  };
}
