import type * as z from 'zod';
import { FailureError } from '../domain/failure';

/** The input in the schema's shape. Throws `invalid-input` with one line of evidence for each thing that is wrong. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new FailureError('invalid-input', issues[0] ?? 'The input is not right.', {
    remedy: 'Correct it and send it again.',
    evidence: issues,
    cause: parsed.error,
  });
}
