import * as z from 'zod';
import { fileRepairSchema } from './file-repair';
import { parseQuantizationType, type QuantizationType, suggestQuantizationTypes } from './quantization-types';
import { RENTAL_AFTERWARDS } from './rental';
import { sourceSchema } from './source';

/** The float type of the intermediate GGUF that every quantization is made from. `auto` follows the checkpoint's dtype. */
export const BASE_TYPES = ['auto', 'F16', 'BF16', 'F32'] as const;

const outputSchema = z.string().transform((text, context): QuantizationType => {
  const type = parseQuantizationType(text);
  if (type) return type;
  const near = suggestQuantizationTypes(text).join(', ');
  context.addIssue({
    code: 'custom',
    message: `llama-quantize has no type "${text.slice(0, 40)}". Near to it: ${near}.`,
  });
  return z.NEVER;
});

/** config.json fields that a person approved to change before converting, keyed by config.json's own names. */
const configScalarSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export const configPatchSchema = z.record(
  z.string().max(100),
  // Lists are written too: long-context factors, one kind for each layer.
  z.union([configScalarSchema, z.array(configScalarSchema).max(1024)]),
);
export type ConfigPatch = z.infer<typeof configPatchSchema>;

/** What to convert, into what, on which instance that is there already. */
export const newConversionSchema = z.object({
  source: sourceSchema,
  instanceId: z.string().min(1).max(64),
  name: z.string().trim().max(120).optional(),
  /** The float GGUF; kept as an artifact only when `outputs` names it too. */
  baseType: z.enum(BASE_TYPES).default('auto'),
  /** One artifact each, e.g. `["F16", "Q4_K_M"]`. */
  outputs: z
    .array(outputSchema)
    .min(1, 'Choose at least one output.')
    .max(24)
    .transform((types) => [...new Set(types)]),
  /** Approved changes to config.json; empty means "stop and ask" when tensors contradict it. */
  configPatch: configPatchSchema.default({}),
  /** Keys of `configPatch` whose values nobody could prove: the person answered a question with them. */
  answeredFields: z.array(z.string().min(1).max(100)).max(100).default([]),
  /** Approved changes to other files of the checkpoint: tokenizer class, files of the base model, files to leave out. */
  fileRepairs: z.array(fileRepairSchema).max(100).default([]),
  /** Copy verified files to the dashboard's disk. */
  bringHome: z.boolean().default(true),
  /** Threads for quantizing; null lets the host's core count decide. */
  threads: z.number().int().min(1).max(512).nullable().default(null),
});
export type NewConversion = z.input<typeof newConversionSchema>;

/**
 * The stored definition of a job: what was asked for, and for one whose machine is rented for it, by which rental and what
 * becomes of the machine in the end. Nobody but a command of ours writes that, since it names a rental.
 */
export const conversionSpecSchema = newConversionSchema.extend({
  rental: z
    .object({ rentalId: z.string().min(1).max(64), afterwards: z.enum(RENTAL_AFTERWARDS) })
    .nullable()
    .default(null),
});
export type ConversionSpec = z.output<typeof conversionSpecSchema>;
