import { refuseField } from './form-error';
import { formJson } from './form-json';
import { formText } from './form-text';
import { readSourceField } from './read-source-field';

/** The form "new job" in the shape of a conversion spec, still unchecked but for the source. */
export function readJobForm(form: FormData): unknown {
  const name = formText(form, 'name');
  const threads = formText(form, 'threads');
  if (threads !== '' && !/^\d{1,3}$/.test(threads)) refuseField('threads', 'A whole number from 1 to 512, or nothing.');
  return {
    source: readSource(form),
    instanceId: formText(form, 'instanceId'),
    ...(name === '' ? {} : { name }),
    baseType: formText(form, 'baseType') || 'auto',
    outputs: form.getAll('outputs').map(String),
    ...(form.has('applyRepair') ? readRepair(form) : {}),
    bringHome: form.has('bringHome'),
    threads: threads === '' ? null : Number(threads),
  };
}

function readSource(form: FormData): unknown {
  const source = readSourceField(form);
  if (source.kind === 'folder') return { ...source, location: formText(form, 'location') || 'host' };
  return { ...source, revision: formText(form, 'revision') || source.revision };
}

/** The hidden fields of an approved repair; the schema of a job judges what is in them. */
function readRepair(form: FormData): { configPatch: unknown; fileRepairs: unknown; answeredFields: unknown } {
  const words = 'The repair did not arrive whole. Open the form from the check again.';
  return {
    configPatch: formJson(form, 'configPatch', words),
    fileRepairs: formJson(form, 'fileRepairs', words),
    answeredFields: form.getAll('answeredFields').map(String),
  };
}
