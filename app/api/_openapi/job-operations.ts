import * as z from 'zod';
import { newConversionSchema } from '../../../lib/domain/conversion-spec';
import { rentedConversionSchema } from '../../../lib/domain/rented-conversion';
import {
  approveRepairSchema,
  jobListQuerySchema,
  logQuerySchema,
  logSearchQuerySchema,
  retrySchema,
  samplesQuerySchema,
} from './input-schemas';
import { jobSchema, jobSummarySchema } from './job-schemas';
import type { Operation, Operations } from './operation';
import { sampleSchema } from './view-schemas';

const newJob = {
  source: { kind: 'hub', repo: 'HuggingFaceTB/SmolLM2-135M-Instruct', revision: 'main' },
  instanceId: 'the id of an instance',
  outputs: ['F16', 'Q4_K_M'],
};
const repair = {
  patch: { num_hidden_layers: 40, hidden_size: 5120, vocab_size: 100_352 },
  answers: { rope_theta: 250_000 },
};
const match = { offset: 1042, lineOffset: 1030, line: 'INFO:hf-to-gguf:Model successfully exported' };
const jobAnswer = { status: 202, schema: jobSchema } as const;

const searchAnswer = z.object({
  matches: z.array(
    z
      .object({ offset: z.number().int(), lineOffset: z.number().int(), line: z.string() })
      .describe('Offsets in bytes of the log.'),
  ),
  truncated: z.boolean().describe('There are more matches than were answered with.'),
});

function jobAction(id: string, summary: string, body?: Operation['body']): Operation {
  return {
    id,
    summary,
    tag: 'jobs',
    access: 'write',
    ...(body && { body }),
    answer: jobAnswer,
    problems: ['not-found', 'conflict'],
  };
}

const list: Operation = {
  id: 'listJobs',
  summary: 'Jobs, newest first',
  tag: 'jobs',
  access: 'read',
  query: jobListQuerySchema,
  answer: { status: 200, schema: z.object({ jobs: z.array(jobSummarySchema), total: z.number().int() }) },
  problems: ['invalid-input'],
};

const create: Operation = {
  id: 'createJob',
  summary:
    'Convert a checkpoint, one job, any number of files: on an instance, or with `rental` on a machine that is rented for it and given back',
  tag: 'jobs',
  access: 'write',
  body: { schema: z.union([newConversionSchema, rentedConversionSchema]), example: newJob },
  answer: { status: 201, schema: jobSchema },
  problems: ['invalid-input', 'not-found', 'conflict', 'quantization-needs-imatrix', 'rental-budget-reached'],
};

const readLog: Operation = {
  id: 'readLog',
  summary: "A step's log as raw bytes from an offset on",
  tag: 'jobs',
  access: 'read',
  query: logQuerySchema,
  bytes: {
    contentType: 'text/plain; charset=utf-8',
    description: 'The bytes of the log from `offset` to its present end.',
    headers: {
      'X-Log-Length': 'Length of the whole log now, bytes.',
      'X-Log-Offset': 'Where this answer begins, bytes.',
    },
  },
  problems: ['invalid-input', 'not-found'],
  isServedByServer: true,
};

/** Conversions and all that belongs to one. */
export const jobOperations: Operations = {
  '/jobs': { GET: list, POST: create },
  '/jobs/{jobId}': {
    GET: {
      id: 'getJob',
      summary: 'One job with its steps, files and findings',
      tag: 'jobs',
      access: 'read',
      answer: { status: 200, schema: jobSchema },
      problems: ['not-found'],
    },
    DELETE: {
      id: 'deleteJob',
      summary: 'Delete a job that has ended, with its logs',
      tag: 'jobs',
      access: 'write',
      problems: ['not-found', 'conflict'],
    },
  },
  '/jobs/{jobId}/cancel': { POST: jobAction('cancelJob', 'Stop a job; what is finished stays') },
  '/jobs/{jobId}/retry': {
    POST: jobAction('retryJob', 'Do again what is not done, or all from a step on; what is good stays', {
      schema: retrySchema,
      example: { from: 'fetch-model' },
      isOptional: true,
    }),
  },
  '/jobs/{jobId}/approve-repair': {
    POST: {
      ...jobAction(
        'approveRepair',
        'Accept changes to config.json, answer what is open, and continue; without a body the proposed changes',
        { schema: approveRepairSchema, example: repair, isOptional: true },
      ),
      problems: ['not-found', 'conflict', 'answer-contradicts-tensors'],
    },
  },
  '/jobs/{jobId}/samples': {
    GET: {
      id: 'listSamples',
      summary: "Readings of the job's host, thinned",
      tag: 'jobs',
      access: 'read',
      query: samplesQuerySchema,
      answer: { status: 200, schema: z.object({ samples: z.array(sampleSchema) }) },
      problems: ['invalid-input', 'not-found'],
    },
  },
  '/jobs/{jobId}/steps/{stepId}/log': { GET: readLog },
  '/jobs/{jobId}/steps/{stepId}/log/search': {
    GET: {
      id: 'searchLog',
      summary: 'Lines of a log that contain a text',
      tag: 'jobs',
      access: 'read',
      query: logSearchQuerySchema,
      answer: { status: 200, schema: searchAnswer, example: { matches: [match], truncated: false } },
      problems: ['invalid-input', 'not-found'],
    },
  },
};
