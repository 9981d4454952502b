import type * as z from 'zod';
import type { Failure } from '../../lib/domain/failure';
import { answerName } from '../_questions/answer-names';

/** A form that cannot be accepted: what is wrong, by field. */
export class FormError extends Error {
  readonly fields: Readonly<Record<string, string>>;

  constructor(fields: Readonly<Record<string, string>>) {
    super('a form is not right');
    this.name = 'FormError';
    this.fields = fields;
  }
}

/** Checks values by a schema; `names` maps a schema's paths to the form's fields where they differ. */
export function checkForm<T>(schema: z.ZodType<T>, values: unknown, names: Readonly<Record<string, string>> = {}): T {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const path = String(issue.path[0] ?? 'form');
    fields[names[path] ?? path] ??= issue.message;
  }
  throw new FormError(fields);
}

/** Refuses a form because of one field. */
export function refuseField(field: string, message: string): never {
  throw new FormError({ [field]: message });
}

/** Commands name what is wrong as `field: words` (or `field: wrong`, when the message says it all) in the evidence. */
export function fieldsOfFailure(failure: Failure): Readonly<Record<string, string>> {
  if (failure.code === 'answer-contradicts-tensors') return refusedAnswers(failure);
  if (failure.code !== 'invalid-input' && failure.code !== 'forbidden') return {};
  const fields: Record<string, string> = {};
  for (const line of failure.evidence) {
    const [, field, words] = /^([A-Za-z]+)(?:\.[\w.]+)?: (.+)$/.exec(line) ?? [];
    if (field && words) fields[field] ??= /^(wrong|required)$/.test(words) ? failure.message : words;
  }
  return fields;
}

/** These are named by config.json's keys, which have dots and underscores. */
function refusedAnswers({ evidence }: Failure): Readonly<Record<string, string>> {
  const entries = evidence.flatMap((line) => {
    const [, field, words] = /^([\w.]+): (.+)$/s.exec(line) ?? [];
    return field && words ? [[answerName(field), words] as const] : [];
  });
  return Object.fromEntries(entries);
}
