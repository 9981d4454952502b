import { confirmedUnsavedSchema } from '../../lib/commands/refuse-unsaved';
import { checkForm } from './form-error';
import { formJson } from './form-json';

/** The names of files that a person gave up, as a dialog sends them; none where it asked about none. */
export function readConfirmedUnsaved(form: FormData): string[] {
  if (!form.has('confirmedUnsaved')) return [];
  return checkForm(
    confirmedUnsavedSchema,
    formJson(form, 'confirmedUnsaved', 'The list of files did not arrive whole. Load the page again.'),
  );
}
