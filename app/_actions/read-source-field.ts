import { parseSourceText, type Source } from '../../lib/domain/source';
import { readSourceText } from '../_new-job/read-source-text';
import { refuseField } from './form-error';
import { formText } from './form-text';

/** What the one field for a model says; a refusal of that field, with what is missing, when it says nothing. */
export function readSourceField(form: FormData): Source {
  const text = formText(form, 'source');
  return (
    parseSourceText(text) ??
    refuseField('source', readSourceText(text).words ?? 'Give a model id, an address of the hub, or a folder.')
  );
}
