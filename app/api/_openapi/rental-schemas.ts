import * as z from 'zod';
import {
  RENTAL_GOALS,
  RENTAL_STATES,
  RENTAL_TRY_STATES,
  type RentalEventView,
  type RentalTryView,
  type RentalView,
  rentalTermsSchema,
  type StrayInstanceView,
} from '../../../lib/domain/rental';
import { RENTAL_PHASES } from '../../../lib/domain/rental-phase';
import type { RentalCharge, RentedInstance } from '../../../lib/domain/rented-instance';
import { SELF_STOPS } from '../../../lib/domain/self-stop';
import type { RentalMonthView } from '../../../lib/store/rental-month-views';
import { estimateSchema, offerSchema } from './offer-operations';
import { failureSchema } from './view-schemas';

const text = z.string().nullable();
const number = z.number().nullable();
const time = z.iso.datetime();
const nanoUsd = z.number().int().describe('Billionths of a US dollar.');

const seenSchema = z
  .object({
    id: z.string(),
    machineId: z.string(),
    label: text,
    image: text,
    gpuName: text,
    gpuCount: z.number(),
    place: text,
    cores: number,
    memoryBytes: number,
    diskBytes: number,
    diskUsedBytes: number,
    endpoints: z.array(
      z.object({ kind: z.enum(['direct', 'proxy']), host: z.string(), port: z.number().int(), user: z.string() }),
    ),
    runningNanoUsdPerHour: nanoUsd.nullable(),
    storageNanoUsdPerHour: nanoUsd.nullable(),
    downNanoUsdPerGb: nanoUsd.nullable(),
    upNanoUsdPerGb: nanoUsd.nullable(),
    downBilledBytes: number,
    upBilledBytes: number,
    gauges: z.object({
      gpuUtilizationPercent: number,
      gpuTemperatureCelsius: number,
      cpuUtilizationPercent: number,
      memoryUsedBytes: number,
    }),
    rentedAtMs: number,
    endsAtMs: number,
    actualStatus: text,
    intendedStatus: text,
    currentState: text,
    nextState: text,
    statusText: text,
    isBid: z.boolean(),
  })
  .meta({ id: 'RentedInstance' }) satisfies z.ZodType<RentedInstance>;

const trySchema = z.object({
  id: z.string(),
  ordinal: z.number().int(),
  state: z.enum(RENTAL_TRY_STATES),
  offer: offerSchema,
  estimate: estimateSchema,
  serviceId: text.describe('Of the instance at the service.'),
  askedAt: time,
  reachableAt: time.nullable(),
  goneAt: time.nullable().describe('When its absence was proven.'),
  failure: failureSchema.nullable(),
  containerLog: text.describe('The last lines of its container, where it was given up.'),
  selfStop: z
    .enum(SELF_STOPS)
    .nullable()
    .describe('Whether it stops itself when it hears nothing of the dashboard; null before it said so.'),
}) satisfies z.ZodType<RentalTryView>;

const chargeSchema = z.object({
  instanceId: text,
  label: text,
  startsAtMs: z.number(),
  endsAtMs: z.number(),
  totalNanoUsd: nanoUsd,
  computeNanoUsd: nanoUsd,
  diskNanoUsd: nanoUsd,
  downloadNanoUsd: nanoUsd,
  uploadNanoUsd: nanoUsd,
}) satisfies z.ZodType<RentalCharge>;

export const rentalSchema = z
  .object({
    id: z.string(),
    instanceId: z.string(),
    instanceName: z.string(),
    goal: z.enum(RENTAL_GOALS),
    state: z.enum(RENTAL_STATES).describe('`ended`: proven that nothing is billed any more.'),
    stateSince: time,
    phase: z.enum(RENTAL_PHASES).nullable(),
    statusText: text,
    terms: rentalTermsSchema,
    tries: z.array(trySchema),
    money: z.object({
      spentNanoUsd: nanoUsd,
      spentDiskNanoUsd: nanoUsd.describe('Part of `spentNanoUsd`.'),
      spentTrafficNanoUsd: nanoUsd.describe('Part of `spentNanoUsd`; the rest is the machine.'),
      nowNanoUsdPerHour: nanoUsd.nullable(),
      charges: z.array(chargeSchema).nullable().describe('What the service charged in the end.'),
    }),
    seen: seenSchema.nullable(),
    seenAt: time.nullable(),
    utilization: z
      .array(z.object({ at: time, gpuPercent: z.number().nullable(), cpuPercent: z.number().nullable() }))
      .describe('How busy its machine was, oldest first.'),
    failure: failureSchema.nullable(),
    alarm: failureSchema.nullable().describe('What has to be looked at now.'),
    requestFailure: failureSchema.nullable().describe('Why the newest request to the service failed.'),
    idleSince: time.nullable().describe('It is billed and nothing uses it.'),
    endedAt: time.nullable(),
    createdAt: time,
    jobIds: z.array(z.string()),
  })
  .meta({ id: 'Rental' }) satisfies z.ZodType<RentalView>;

export const rentalEventSchema = z.object({
  at: time,
  level: z.enum(['note', 'warning', 'alarm']),
  text: z.string(),
}) satisfies z.ZodType<RentalEventView>;

export const straySchema = z
  .object({
    serviceId: z.string(),
    label: z.string(),
    seen: seenSchema,
    firstSeenAt: time,
    lastSeenAt: time,
    choice: z.enum(['none', 'destroy', 'ignore']),
    chosenAt: time.nullable(),
    isOwn: z.boolean().describe('False for the label of another Quantdeck, or of a lost database.'),
    failure: failureSchema.nullable(),
  })
  .meta({ id: 'StrayInstance' }) satisfies z.ZodType<StrayInstanceView>;

export const rentalMonthSchema = z
  .object({
    limitNanoUsd: nanoUsd.nullable().describe('Null for no limit.'),
    spentNanoUsd: nanoUsd,
    promisedNanoUsd: nanoUsd.describe('What the rentals that have not ended may still come to.'),
  })
  .meta({ id: 'RentalMonth' }) satisfies z.ZodType<RentalMonthView>;
