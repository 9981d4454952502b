import * as z from 'zod';
import { checkForm } from './form-error';
import { formJson } from './form-json';

/** The names of files that a person gave up, as a dialog sends them; none where it asked about none. */
export function readConfirmedUnsaved(form: FormData): string[] {
  if (!form.has('confirmedUnsaved')) return [];
  return checkForm(
    z.array(z.string().max(1024)).max(1000),
    formJson(form, 'confirmedUnsaved', 'The list of files did not arrive whole. Load the page again.'),
  );
}
