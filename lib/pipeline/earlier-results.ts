import * as z from 'zod';
import { QUANTIZATION_TYPES } from '../domain/quantization-types';
import type { StepKey } from '../domain/step-key';
import type { StepRecord } from './ledger-port';
import type { EarlierResults, StepContext } from './step-context';

const toolchainSchema = z.object({
  view: z.object({
    version: z.string(),
    commit: z.string(),
    origin: z.enum(['given', 'image', 'release', 'registry-source']),
    detail: z.string(),
    pythonVersion: z.string().nullable(),
    torchVersion: z.string().nullable(),
    transformersVersion: z.string().nullable(),
  }),
  binFolder: z.string(),
  convertScript: z.string(),
  python: z.string(),
  // Jobs of an earlier version did not keep it.
  cores: z.number().nullable().default(null),
});
const sourceSchema = z.object({
  folder: z.string(),
  files: z.array(z.string()),
  commit: z.string().nullable(),
  totalBytes: z.number(),
});
const inspectionSchema = z.object({
  dtype: z.string().nullable(),
  parameterCount: z.number(),
  facts: z.record(z.string(), z.object({ value: z.number(), tensor: z.string(), shape: z.array(z.number()) })),
});
const repairSchema = z.object({ written: z.array(z.string()), leftOut: z.array(z.string()) });
const imatrixSchema = z.object({ path: z.string() });
const baseSchema = z.object({
  path: z.string(),
  type: z.enum(QUANTIZATION_TYPES),
  prompt: z.object({ text: z.string(), flags: z.array(z.string()) }).nullable(),
});

/** What finished steps stored, read back and checked: a row written by an older version must not pass as the new shape. */
export function earlierResults(steps: readonly StepRecord[]): EarlierResults {
  const resultOf = <T>(key: StepKey, schema: z.ZodType<T>): T | null => {
    const step = steps.find((one) => one.key === key);
    if (!step || (step.status !== 'succeeded' && step.status !== 'skipped') || step.result == null) return null;
    return schema.parse(step.result);
  };
  return {
    toolchain: resultOf('prepare-host', toolchainSchema),
    source: resultOf('fetch-model', sourceSchema),
    inspection: resultOf('inspect-model', inspectionSchema),
    repair: resultOf('repair-model', repairSchema),
    imatrix: resultOf('imatrix', imatrixSchema),
    base: resultOf('convert-model', baseSchema),
  };
}

/** How many threads the CPU tools of a job get: what the person chose, else every core that the host may use. */
export function threadsOf({ spec, earlier }: Pick<StepContext, 'spec' | 'earlier'>): number {
  return spec.threads ?? earlier.toolchain?.cores ?? 4;
}

/** A step that a later one stands on; its absence is a fault of ours, not of the person. */
export function required<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`the job has no ${what}, though its step has ended`);
  return value;
}
