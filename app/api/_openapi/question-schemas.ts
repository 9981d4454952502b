import * as z from 'zod';
import {
  type AnsweredQuestion,
  answerValueSchema,
  type OpenQuestion,
  type RefusedAnswer,
} from '../../../lib/domain/model-check';

/** A field that shapes leave open, as it is put to a person. */
export const questionSchema = z
  .object({
    field: z.string().describe("config.json's own key."),
    candidates: z.array(answerValueSchema).describe('What could be true, the likeliest first.'),
    reason: z.string(),
    options: z
      .array(z.object({ value: answerValueSchema, meaning: z.string(), source: z.string() }))
      .describe('The candidates with what each would mean and where it comes from.'),
    limits: z
      .object({ least: z.number(), most: z.number(), isWhole: z.boolean() })
      .nullable()
      .describe('Which other numbers may be given; null when only a candidate fits.'),
    isRequired: z.boolean().describe('Converting waits for the answer.'),
  })
  .meta({ id: 'OpenQuestion' }) satisfies z.ZodType<OpenQuestion>;

export const answeredSchema = questionSchema.extend({
  value: answerValueSchema,
}) satisfies z.ZodType<AnsweredQuestion>;

export const refusedAnswerSchema = z.object({
  field: z.string(),
  value: answerValueSchema,
  message: z.string().describe('Why it cannot be true.'),
}) satisfies z.ZodType<RefusedAnswer>;
