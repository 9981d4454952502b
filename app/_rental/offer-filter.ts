import * as z from 'zod';
import type { DeviceView } from '../../lib/domain/device';
import type { ModelCheckReport } from '../../lib/domain/model-check';
import { nanoUsdOf } from '../../lib/domain/money';
import type { MarketWish } from '../../lib/domain/proposed-terms';
import { QUANTIZATION_TYPES, type QuantizationType } from '../../lib/domain/quantization-types';
import { recommendedType } from '../_check/recommended-type';
import type { SearchParams } from '../_ui/search-params';

export const OFFER_SORTS = ['best', 'cost', 'time', 'hourly'] as const;
export type OfferSort = (typeof OFFER_SORTS)[number];

const DEFAULT_LINE_MBITS = 500;
const mark = z.enum(['0', '1']).default('0');

/** What the address of the page and of the API may ask for. */
export const offerQuerySchema = z.object({
  types: z
    .string()
    .max(500)
    .transform((text) => text.split(',').filter((each) => each !== ''))
    .pipe(z.array(z.enum(QUANTIZATION_TYPES)).max(40))
    .optional()
    .describe('Files to make, separated by commas; what the check recommends when absent.'),
  sort: z.enum(OFFER_SORTS).default('best').describe('`best` weighs cost, the worth of waiting and reliability.'),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .transform((text) => text.toUpperCase())
    .optional()
    .describe('Two letters.'),
  datacenter: mark.describe('1 leaves out machines that stand in homes.'),
  line: z.coerce.number().int().min(100).max(100_000).default(DEFAULT_LINE_MBITS).describe('Least download, Mbit/s.'),
  most: z.coerce.number().positive().max(10_000).optional().describe('Most that the job may cost, US dollars.'),
});

export interface OfferFilter {
  readonly outputs: readonly QuantizationType[];
  readonly sort: OfferSort;
  readonly country: string | null;
  readonly isDatacenterOnly: boolean;
  readonly leastLineMbits: number;
  readonly mostUsd: number | null;
}

/** A checked query as what it means for this model and the person's own devices. */
export function offerFilterOf(
  query: z.output<typeof offerQuerySchema>,
  report: ModelCheckReport,
  devices: readonly DeviceView[],
): OfferFilter {
  return {
    outputs:
      query.types && query.types.length > 0 ? [...new Set(query.types)] : [recommendedType(report.fits, devices)],
    sort: query.sort,
    country: query.country ?? null,
    isDatacenterOnly: query.datacenter === '1',
    leastLineMbits: query.line,
    mostUsd: query.most ?? null,
  };
}

/** A filter in the units that offers and terms are judged in. */
export function marketWishOf({ country, isDatacenterOnly, leastLineMbits, mostUsd }: OfferFilter): MarketWish {
  return {
    countries: country === null ? [] : [country],
    isDatacenterOnly,
    leastDownBitsPerSecond: leastLineMbits * 1_000_000,
    mostTotalNanoUsd: mostUsd === null ? null : nanoUsdOf(mostUsd),
  };
}

/** The address of a page as a query: what is odd in it is left out instead of refused. */
export function readOfferQuery(address: SearchParams): z.output<typeof offerQuerySchema> {
  const { shape } = offerQuerySchema;
  const texts = Object.entries(address).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(',') : (value ?? '').trim();
    const field = Object.hasOwn(shape, name) ? shape[name as keyof typeof shape] : null;
    return text !== '' && field?.safeParse(text).success ? [[name, text]] : [];
  });
  return offerQuerySchema.parse(Object.fromEntries(texts));
}
