'use server';
import { createModelCheck } from '../../lib/commands/create-model-check';
import { modelCheckRequestSchema } from '../../lib/domain/model-check';
import { parseSourceText } from '../../lib/domain/source';
import { runAction } from '../_auth/action-guard';
import { readSourceText } from '../_new-job/read-source-text';
import type { ActionResult } from './action-result';
import { checkForm, refuseField } from './form-error';
import { formText } from './form-text';

/** Asks the worker to look at a checkpoint. */
export async function createModelCheckAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<{ checkId: string }>> {
  return runAction(async () => createModelCheck(checkForm(modelCheckRequestSchema, { source: readSource(form) })));
}

function readSource(form: FormData): unknown {
  const text = formText(form, 'source');
  const source = parseSourceText(text);
  if (!source)
    return refuseField('source', readSourceText(text).words ?? 'Give a model id, an address of the hub, or a folder.');
  if (source.kind === 'hub') return source;
  return { kind: 'folder', path: source.path, instanceId: formText(form, 'instanceId') || null };
}
