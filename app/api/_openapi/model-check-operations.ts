import * as z from 'zod';
import { FAILURE_CODES } from '../../../lib/domain/failure';
import { CHECK_CODES } from '../../../lib/domain/finding';
import {
  checkSourceSchema,
  MODEL_CHECK_STATUSES,
  MODEL_FACTS,
  modelCheckAnswersSchema,
  modelCheckRequestSchema,
} from '../../../lib/domain/model-check';
import { QUANTIZATION_TYPES } from '../../../lib/domain/quantization-types';
import { STEP_KINDS } from '../../../lib/domain/step-key';
import type { StepPeak } from '../../../lib/model/disk-plan';
import { modelCheckListQuerySchema, modelCheckQuerySchema } from './input-schemas';
import type { Operations } from './operation';
import { answeredSchema, questionSchema, refusedAnswerSchema } from './question-schemas';
import { failureSchema } from './view-schemas';

const configValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const factSchema = z.object({
  value: z.union([z.number(), z.boolean()]),
  tensor: z.string().describe('The tensor whose shape proves it.'),
  shape: z.array(z.number().int()),
});

const findingSchema = z.object({
  code: z.enum([...FAILURE_CODES, ...CHECK_CODES]),
  severity: z.enum(['blocks', 'damages', 'note']),
  field: z.string().nullable().describe("config.json's own key, where it is about one field."),
  configured: configValue.describe('What config.json says; null when the field is missing.'),
  actual: configValue.describe('What the tensors prove.'),
  tensor: z.string().nullable(),
  message: z.string(),
  remedy: z.string(),
  evidence: z.array(z.string()),
});

const repairSchema = z.object({
  patch: z.record(z.string(), configValue).describe("config.json's own keys; only what differs and is certain."),
  undetermined: z.array(questionSchema).describe('What no shape decides and nothing else settled.'),
  files: z.array(z.looseObject({ kind: z.string() })).describe('Changes to other files, for a person to approve.'),
  answers: z.array(answeredSchema).describe('Questions that were answered; `patch` holds what they change.'),
});

const PROBLEMS = ['invalid-input', 'not-found'] as const;

const provenanceSchema = z.object({
  model: z.string(),
  exact: z.boolean(),
  differences: z.array(z.object({ field: z.enum(MODEL_FACTS), expected: z.number(), actual: z.number() })),
});

const fitSchema = z.object({
  type: z.enum(QUANTIZATION_TYPES),
  sizeBytes: z.number(),
  ramBytes: z.number().describe('File, KV cache of `contextTokens` and buffers.'),
  contextTokens: z.number().int(),
  ramByContext: z
    .array(z.object({ contextTokens: z.number().int(), ramBytes: z.number() }))
    .describe('The same for other lengths of conversation.'),
  verdict: z.enum(['fits', 'tight', 'too-big']),
  isRecommended: z.boolean(),
  note: z.string(),
});

const stepPeakSchema = z.object({
  step: z.enum(STEP_KINDS),
  diskBytes: z.number().describe("Of the job's own files, those included that earlier steps left."),
  memoryBytes: z.number(),
  place: z.enum(['host', 'dashboard']).describe('Whose disk and memory.'),
}) satisfies z.ZodType<StepPeak>;

const modelCheckSchema = z
  .object({
    id: z.string(),
    source: checkSourceSchema,
    status: z.enum(MODEL_CHECK_STATUSES),
    commit: z.string().nullable(),
    failure: failureSchema.nullable().describe('Why the source could not be read at all.'),
    architecture: z.string().nullable(),
    parameterCount: z.number().nullable(),
    tensorCount: z.number().int().nullable(),
    totalBytes: z.number().nullable(),
    dtype: z.string().nullable(),
    facts: z.partialRecord(z.enum(MODEL_FACTS), factSchema),
    findings: z.array(findingSchema),
    repair: repairSchema,
    provenance: z.array(provenanceSchema),
    fits: z.array(fitSchema),
    device: z.object({ id: z.string(), name: z.string() }).describe('The device that `fits` are for.'),
    steps: z.array(stepPeakSchema).describe('What each step of a job with this checkpoint needs at its peak.'),
    refusedAnswers: z
      .array(refusedAnswerSchema)
      .describe('Answers that contradict the weights; not part of the repair.'),
    waitsForAnswers: z.boolean().describe('After the repair nothing but unanswered questions stops a job.'),
    bytesRead: z.number(),
    durationMs: z.number().nullable(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ModelCheck' });

/** Checkpoints looked at before anything is converted. */
export const modelCheckOperations: Operations = {
  '/model-checks': {
    GET: {
      id: 'listModelChecks',
      summary: 'Model checks, newest first',
      tag: 'model checks',
      access: 'read',
      query: modelCheckListQuerySchema,
      answer: { status: 200, schema: z.object({ modelChecks: z.array(modelCheckSchema) }) },
      problems: ['invalid-input'],
    },
    POST: {
      id: 'createModelCheck',
      summary: 'Look at a checkpoint without fetching its weights; answers when done, at the latest after 25 s',
      tag: 'model checks',
      access: 'write',
      query: modelCheckQuerySchema,
      body: {
        schema: modelCheckRequestSchema,
        example: { source: { kind: 'hub', repo: 'HuggingFaceTB/SmolLM2-135M-Instruct', revision: 'main' } },
      },
      answer: { status: 201, schema: modelCheckSchema },
      problems: PROBLEMS,
    },
  },
  '/model-checks/{checkId}': {
    GET: {
      id: 'getModelCheck',
      summary: 'One model check',
      tag: 'model checks',
      access: 'read',
      query: modelCheckQuerySchema,
      answer: { status: 200, schema: modelCheckSchema },
      problems: PROBLEMS,
    },
  },
  '/model-checks/{checkId}/answers': {
    POST: {
      id: 'answerModelCheck',
      summary: 'Answer open questions; looks at the checkpoint again and answers when done, at the latest after 25 s',
      tag: 'model checks',
      access: 'write',
      query: modelCheckQuerySchema,
      body: { schema: modelCheckAnswersSchema, example: { answers: { rope_theta: 500_000 } } },
      answer: { status: 200, schema: modelCheckSchema },
      problems: [...PROBLEMS, 'conflict', 'answer-contradicts-tensors'],
    },
  },
};
