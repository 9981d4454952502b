import * as z from 'zod';
import { HUB_REPO_PATTERN } from './source';

/** A file of a checkpoint, by its path below the checkpoint's folder: never one that could lead out of it. */
const checkpointFileSchema = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/, 'A file of the checkpoint.');
const fieldSchema = z.string().min(1).max(100);
const reasonSchema = z.string().max(1000);

/** A change to the checkpoint's files other than fields of config.json, for the person to approve. */
export const fileRepairSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('set-tokenizer-class'),
    file: checkpointFileSchema,
    before: z.string().max(200).nullable(),
    after: z.string().min(1).max(200),
  }),
  z.object({ kind: z.literal('rename-field'), file: checkpointFileSchema, from: fieldSchema, to: fieldSchema }),
  z.object({ kind: z.literal('remove-field'), file: checkpointFileSchema, field: fieldSchema, reason: reasonSchema }),
  // A text's first three bytes, which Python's JSON reader refuses; nothing else of the file changes.
  z.object({ kind: z.literal('remove-byte-order-mark'), file: checkpointFileSchema }),
  z.object({
    kind: z.literal('take-file-from'),
    file: checkpointFileSchema,
    repo: z.string().regex(HUB_REPO_PATTERN),
    /** The commit that it is taken at; absent in repairs of an earlier version, then as it is at the time. */
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional(),
    reason: reasonSchema,
  }),
  z.object({
    kind: z.literal('leave-out'),
    files: z.array(z.string().min(1).max(1000)).max(10_000),
    reason: reasonSchema,
  }),
]);
export type FileRepair = z.infer<typeof fileRepairSchema>;
