'use server';
import { answerModelCheck } from '../../lib/commands/answer-model-check';
import { createModelCheck } from '../../lib/commands/create-model-check';
import { answersSchema, modelCheckRequestSchema } from '../../lib/domain/model-check';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { checkForm } from './form-error';
import { formJson } from './form-json';
import { formText } from './form-text';
import { readAnswers } from './read-answers';
import { readSourceField } from './read-source-field';

/** Asks the worker to look at a checkpoint. */
export async function createModelCheckAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<{ checkId: string }>> {
  return runAction(async () => createModelCheck(checkForm(modelCheckRequestSchema, { source: readSource(form) })));
}

/** Answers open questions of a check. `given` holds those that stay as they are, as JSON. */
export async function answerModelCheckAction(_previous: unknown, form: FormData): Promise<ActionResult<object>> {
  return runAction(async () => {
    const answers = readAnswers(form);
    const given = checkForm(
      answersSchema,
      formJson(form, 'given', 'The earlier answers did not arrive whole. Load the page again.'),
    );
    await answerModelCheck(formText(form, 'checkId'), { ...given, ...answers });
    return {};
  });
}

function readSource(form: FormData): unknown {
  const source = readSourceField(form);
  if (source.kind === 'hub') return source;
  return { kind: 'folder', path: source.path, instanceId: formText(form, 'instanceId') || null };
}
