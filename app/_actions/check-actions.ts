'use server';
import { createModelCheck } from '../../lib/commands/create-model-check';
import { modelCheckRequestSchema } from '../../lib/domain/model-check';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { checkForm } from './form-error';
import { formText } from './form-text';
import { readSourceField } from './read-source-field';

/** Asks the worker to look at a checkpoint. */
export async function createModelCheckAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<{ checkId: string }>> {
  return runAction(async () => createModelCheck(checkForm(modelCheckRequestSchema, { source: readSource(form) })));
}

function readSource(form: FormData): unknown {
  const source = readSourceField(form);
  if (source.kind === 'hub') return source;
  return { kind: 'folder', path: source.path, instanceId: formText(form, 'instanceId') || null };
}
