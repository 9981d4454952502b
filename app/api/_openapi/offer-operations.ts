import * as z from 'zod';
import { CHECKPOINT_ORIGINS } from '../../../lib/domain/checkpoint-origin';
import type { Offer } from '../../../lib/domain/offer';
import { OFFER_PROBLEMS } from '../../../lib/domain/offer-problem';
import { QUANTIZATION_TYPES } from '../../../lib/domain/quantization-types';
import { rentalTermsSchema } from '../../../lib/domain/rental';
import type { RentalEstimate } from '../../../lib/domain/rental-estimate';
import { RENTAL_IMAGE_NAMES } from '../../../lib/domain/rental-image';
import type { RentalWork } from '../../../lib/domain/rental-work';
import { offerQuerySchema } from '../../_rental/offer-filter';
import type { Operations } from './operation';

export const offersQuerySchema = offerQuerySchema.extend({
  checkId: z.string().min(1).max(64).describe('A check that has succeeded: sizes come from it.'),
});

const text = z.string().nullable();
const number = z.number().nullable();
const nanoUsd = z.number().int().describe('Billionths of a US dollar.');
const milliseconds = z.number().int();

export const offerSchema = z
  .object({
    id: z.string(),
    machineId: z.string(),
    hostId: text,
    gpuName: text,
    gpuCount: z.number(),
    gpuMemoryBytes: z.number(),
    gpuTeraflops: number,
    cudaVersion: number,
    cpuName: text,
    cpuArchitecture: text,
    cores: z.number().describe('Our share of the machine.'),
    cpuGhz: number,
    hasAvx: z.boolean(),
    memoryBytes: z.number().describe('Our share of the machine.'),
    diskBytes: z.number(),
    diskBytesPerSecond: number,
    downBitsPerSecond: z.number(),
    upBitsPerSecond: z.number(),
    directPortCount: z.number(),
    hasStaticIp: z.boolean(),
    baseNanoUsdPerHour: nanoUsd,
    storageNanoUsdPerGbMonth: nanoUsd,
    downNanoUsdPerGb: nanoUsd,
    upNanoUsdPerGb: nanoUsd,
    reliability: z.number(),
    isVerified: z.boolean(),
    isDatacenter: z.boolean(),
    isRentable: z.boolean(),
    isRented: z.boolean(),
    isOnDemand: z.boolean(),
    place: text,
    country: text,
    availableMs: number,
  })
  .meta({ id: 'Offer' }) satisfies z.ZodType<Offer>;

export const estimateSchema = z.object({
  diskGb: z.number(),
  image: z
    .enum(RENTAL_IMAGE_NAMES)
    .optional()
    .describe('What to rent it with: ready first on this machine. Missing in rentals from before images were chosen.'),
  times: z.object({
    loadMs: milliseconds,
    startMs: milliseconds,
    setUpMs: milliseconds,
    downloadMs: milliseconds,
    convertMs: milliseconds,
    imatrixMs: milliseconds,
    quantizeMs: milliseconds,
    bringHomeMs: milliseconds,
    slackMs: milliseconds,
  }),
  runningMs: milliseconds,
  totalMs: milliseconds,
  costs: z.object({
    computeNanoUsd: nanoUsd,
    diskNanoUsd: nanoUsd,
    downloadNanoUsd: nanoUsd,
    uploadNanoUsd: nanoUsd,
  }),
  totalNanoUsd: nanoUsd,
  lowNanoUsd: nanoUsd,
  highNanoUsd: nanoUsd,
  nanoUsdPerHour: nanoUsd,
}) satisfies z.ZodType<RentalEstimate>;

const workSchema = z.object({
  parameterCount: z.number(),
  sourceBytes: z.number(),
  sourceFrom: z
    .enum(CHECKPOINT_ORIGINS)
    .describe("`dashboard`: a folder of the dashboard's machine, which sends it over its own line."),
  baseBytes: z.number(),
  outputs: z.array(z.object({ type: z.enum(QUANTIZATION_TYPES), sizeBytes: z.number() })),
  broughtHomeBytes: z.number(),
  memoryBytes: z.number(),
  imatrixTokens: number,
}) satisfies z.ZodType<RentalWork>;

const problemSchema = z.object({
  code: z.enum(OFFER_PROBLEMS),
  actual: number.describe('In the unit of the code.'),
  needed: number,
});

export const rankedOffersSchema = z
  .object({
    checkId: z.string(),
    lookedAt: z.iso.datetime().describe('When these offers were looked at: at most a minute ago.'),
    diskGb: z.number().int().describe('The disk to rent.'),
    work: workSchema,
    bestOfferId: text.describe('Our choice, whatever the order.'),
    reason: text.describe('Why it is our choice, in one sentence.'),
    offers: z.array(
      z.object({
        offer: offerSchema,
        estimate: estimateSchema,
        scoreNanoUsd: nanoUsd,
        downShare: z.number().describe('Share of the advertised line in that is counted on, as finished jobs taught.'),
        upShare: z.number().describe('The same of the line out.'),
        proposedTerms: rentalTermsSchema.describe(
          'Limits with room for what usually goes wrong: the `rental` of `POST /jobs`, as it is, for whoever agrees to them.',
        ),
      }),
    ),
    refused: z.array(z.object({ offer: offerSchema, problems: z.array(problemSchema) })),
  })
  .meta({ id: 'RankedOffers' });

/** Machines that could be rented. */
export const offerOperations: Operations = {
  '/offers': {
    GET: {
      id: 'listOffers',
      summary: 'Machines on vast.ai that could convert a checked model, with what the job costs on each',
      tag: 'offers',
      access: 'read',
      query: offersQuerySchema,
      answer: { status: 200, schema: rankedOffersSchema },
      problems: [
        'invalid-input',
        'not-found',
        'conflict',
        'rental-key-missing',
        'rental-key-refused',
        'rental-key-expired',
        'rental-key-two-factor',
        'rental-key-mismatch',
        'rental-rate-limited',
        'rental-unreachable',
        'rental-answer-invalid',
      ],
    },
  },
};
