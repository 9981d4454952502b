import type { AnswerValue } from '../../lib/domain/model-check';
import { answerName, OTHER_VALUE, otherName } from '../_questions/answer-names';
import { FormError, refuseField } from './form-error';
import { formText } from './form-text';

const PREFIX = answerName('');

/**
 * The answers in a form of open questions; what nobody chose is not among them. Refuses text where a number is needed, and
 * a form with `mustAnswer` in which nothing was chosen.
 */
export function readAnswers(form: FormData): Record<string, AnswerValue> {
  const answers: [string, AnswerValue][] = [];
  const wrong: Record<string, string> = {};
  for (const [name, value] of form) {
    if (!name.startsWith(PREFIX) || typeof value !== 'string') continue;
    const field = name.slice(PREFIX.length);
    const answer = value === OTHER_VALUE ? readNumber(formText(form, otherName(field))) : readScalar(value);
    if (answer === undefined) wrong[name] = 'Type a number, for example 500000 or 1e-5.';
    else answers.push([field, answer]);
  }
  if (Object.keys(wrong).length > 0) throw new FormError(wrong);
  if (form.has('mustAnswer') && answers.length === 0) {
    refuseField('form', 'Choose what is true first: nothing is assumed for you.');
  }
  return Object.fromEntries(answers);
}

function readNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : undefined;
}

function readScalar(text: string): AnswerValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || ['number', 'string', 'boolean'].includes(typeof value)
      ? (value as AnswerValue)
      : undefined;
  } catch {
    return undefined;
  }
}
