import * as z from 'zod';
import { configPatchSchema } from '../../../lib/domain/conversion-spec';
import { deviceInputSchema } from '../../../lib/domain/device';
import { newInstanceSchema } from '../../../lib/domain/instance';
import { answersSchema } from '../../../lib/domain/model-check';
import { QUANTIZATION_TYPES } from '../../../lib/domain/quantization-types';
import { JOB_STATUSES } from '../../../lib/domain/status';
import { STEP_KINDS } from '../../../lib/domain/step-key';

const limit = z.coerce.number().int().min(1).max(200).default(50).describe('How many rows to answer with.');
const offset = z.coerce
  .number()
  .int()
  .min(0)
  .max(1_000_000)
  .default(0)
  .describe('How many rows to pass over, newest first.');
const search = z.string().trim().max(200).optional().describe('Words in the name or the model.');

/** Query of `GET /jobs`. */
export const jobListQuerySchema = z.object({
  status: z.enum(JOB_STATUSES).optional().describe('Only jobs with this status.'),
  instanceId: z.string().max(96).optional().describe('Only jobs on this instance.'),
  search,
  limit,
  offset,
});

/** Query of whatever answers with model checks. */
export const modelCheckQuerySchema = z.object({
  device: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('The id of the device that `fits` are for; the default one when absent.'),
  outputs: z
    .string()
    .max(400)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(QUANTIZATION_TYPES)).min(1))
    .optional()
    .describe('The files that `steps` are planned for, e.g. `Q4_K_M,Q8_0`; the recommended one when absent.'),
});

/** Query of `GET /model-checks`. */
export const modelCheckListQuerySchema = modelCheckQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many rows to answer with.'),
});

/** Query of `DELETE /instances/{instanceId}`. */
export const removeInstanceQuerySchema = z.object({
  confirmedUnsaved: z
    .string()
    .max(16_384)
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .default([])
    .describe('Names of the files that are on the machine and nowhere else and may stay there, with commas between.'),
});

/** Query of `GET /artifacts`. */
export const artifactListQuerySchema = z.object({
  jobId: z.string().max(96).optional().describe('Only files of this job.'),
  type: z.enum(QUANTIZATION_TYPES).optional().describe('Only files of this quantization.'),
  verdict: z.enum(['works', 'partly', 'does-not-work', 'unknown']).optional().describe('Only files with this verdict.'),
  search,
  limit,
  offset,
});

/** Query of `GET /jobs/{jobId}/samples`. */
export const samplesQuerySchema = z.object({
  fromMs: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Only readings from then on; the dashboard's clock, ms since the epoch."),
  toMs: z.coerce.number().int().min(0).optional().describe('Only readings up to then.'),
  points: z.coerce
    .number()
    .int()
    .min(1)
    .max(5000)
    .default(600)
    .describe('The history is thinned to about this many readings.'),
});

/** Query of `GET …/log/search`. */
export const logSearchQuerySchema = z.object({
  q: z.string().min(1).max(200).describe('The text to look for, as it is; not a pattern. Letter case does not matter.'),
});

/** Query of `GET …/log`, which the server answers itself. */
export const logQuerySchema = z.object({
  offset: z.coerce
    .number()
    .int()
    .default(0)
    .describe('First byte to answer with; negative means the last so many bytes.'),
  limit: z.coerce.number().int().min(0).optional().describe('At most so many bytes.'),
  download: z.enum(['0', '1']).default('0').describe('1 answers as a file to be saved.'),
});

/** Body of `POST /jobs/{jobId}/retry`. */
export const retrySchema = z.object({
  from: z.enum(STEP_KINDS).optional().describe('An earlier step from which on everything is done again.'),
});

/** Body of `POST /jobs/{jobId}/approve-repair`; without a patch the proposed one is approved. */
export const approveRepairSchema = z.object({
  patch: configPatchSchema.optional(),
  answers: answersSchema.optional().describe("Answers to the job's `inspection.questions`, by field."),
});

const { port, user, auth, toolchainPath } = newInstanceSchema.shape;

/**
 * Body of `PATCH /instances/{instanceId}`. The defaults of a new instance are taken off: `partial()` alone would set an
 * absent port back to 22.
 */
export const instanceChangesSchema = newInstanceSchema.partial().extend({
  port: port.unwrap().optional(),
  user: user.unwrap().optional(),
  auth: auth.unwrap().optional(),
  toolchainPath: toolchainPath.nullable().describe('Null forgets the path.'),
});

/** Body of `PATCH /devices/{deviceId}`. */
export const deviceChangesSchema = deviceInputSchema.partial().extend({
  isUnified: deviceInputSchema.shape.isUnified.unwrap().optional(),
});
