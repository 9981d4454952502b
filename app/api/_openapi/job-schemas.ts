import * as z from 'zod';
import { configPatchSchema, conversionSpecSchema } from '../../../lib/domain/conversion-spec';
import { FAILURE_CODES } from '../../../lib/domain/failure';
import { fileRepairSchema } from '../../../lib/domain/file-repair';
import { CHECK_CODES, type FieldContradiction, type Finding } from '../../../lib/domain/finding';
import { QUANTIZATION_TYPES } from '../../../lib/domain/quantization-types';
import { JOB_STATUSES, STEP_STATUSES } from '../../../lib/domain/status';
import { STEP_KINDS } from '../../../lib/domain/step-key';
import type {
  AttemptView,
  InspectionView,
  JobDetail,
  JobSummary,
  StepView,
  ToolchainView,
} from '../../../lib/domain/views';
import { questionSchema } from './question-schemas';
import { artifactSchema, failureSchema, progressSchema } from './view-schemas';

const text = z.string().nullable();
const number = z.number().nullable();
const time = z.iso.datetime().nullable();
const configValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const summaryShape = {
  id: z.string(),
  name: z.string(),
  status: z.enum(JOB_STATUSES),
  verdict: z.enum(['works', 'partly', 'does-not-work', 'unknown']),
  sourceText: z.string(),
  outputs: z.array(z.enum(QUANTIZATION_TYPES)),
  instanceId: z.string(),
  instanceName: z.string(),
  currentStepTitle: text,
  finishedSteps: z.number().int(),
  totalSteps: z.number().int(),
  progressFraction: number,
  failure: failureSchema.nullable(),
  cancelRequested: z.boolean(),
  createdAt: z.iso.datetime(),
  startedAt: time,
  finishedAt: time,
};

export const jobSummarySchema = z.object(summaryShape).meta({ id: 'JobSummary' }) satisfies z.ZodType<JobSummary>;

const attemptSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  kind: z.enum(['remote', 'local']),
  command: text,
  exitCode: number,
  startedAt: time,
  endedAt: time,
  logStart: z.number().int().describe("Where its output begins in the step's log, bytes."),
}) satisfies z.ZodType<AttemptView>;

const stepSchema = z
  .object({
    id: z.string(),
    ordinal: z.number().int(),
    key: z.string(),
    kind: z.enum(STEP_KINDS),
    title: z.string(),
    status: z.enum(STEP_STATUSES),
    startedAt: time,
    finishedAt: time,
    progress: progressSchema.nullable(),
    note: text.describe('What the step is bound by, or what it waits for.'),
    failure: failureSchema.nullable(),
    skippedReason: text,
    attempts: z.array(attemptSchema),
    logBytes: z.number().int(),
  })
  .meta({ id: 'Step' }) satisfies z.ZodType<StepView>;

const findingSchema = z.object({
  code: z.enum([...FAILURE_CODES, ...CHECK_CODES]),
  severity: z.enum(['blocks', 'damages', 'note']),
  field: z.string().optional().describe("config.json's own key, where the finding is about one field."),
  configured: configValue.optional(),
  actual: configValue.optional(),
  tensor: z.string().optional().describe('The tensor that proves it.'),
  message: z.string(),
  remedy: z.string(),
  evidence: z.array(z.string()),
}) satisfies z.ZodType<Finding>;

const contradictionSchema = z.object({
  field: z.string(),
  configured: configValue,
  actual: z.union([z.number(), z.boolean()]),
  tensor: z.string().describe('The tensor that proves it.'),
  shape: z.array(z.number().int()),
  message: z.string(),
}) satisfies z.ZodType<FieldContradiction>;

const inspectionSchema = z.object({
  architecture: text,
  tensorCount: z.number().int(),
  parameterCount: z.number(),
  totalBytes: z.number(),
  facts: z.record(z.string(), z.object({ value: z.number(), tensor: z.string(), shape: z.array(z.number().int()) })),
  contradictions: z.array(contradictionSchema),
  findings: z.array(findingSchema),
  questions: z
    .array(questionSchema)
    .optional()
    .describe('What has to be answered, with `approve-repair`, before the job can go on.'),
}) satisfies z.ZodType<InspectionView>;

const toolchainSchema = z.object({
  version: z.string(),
  commit: z.string(),
  origin: z.enum(['given', 'image', 'release', 'registry-source']),
  detail: z.string(),
  pythonVersion: text,
  torchVersion: text,
  transformersVersion: text,
}) satisfies z.ZodType<ToolchainView>;

export const jobSchema = z
  .object({
    ...summaryShape,
    spec: conversionSpecSchema,
    commit: text,
    toolchain: toolchainSchema.nullable(),
    inspection: inspectionSchema.nullable(),
    proposedPatch: configPatchSchema.nullable(),
    proposedFileRepairs: z.array(fileRepairSchema),
    steps: z.array(stepSchema),
    artifacts: z.array(artifactSchema),
    sequence: z.number().int().describe('Grows with every change.'),
    unreachableSince: time,
  })
  .meta({ id: 'Job' }) satisfies z.ZodType<JobDetail>;
