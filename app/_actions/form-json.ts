import { refuseField } from './form-error';
import { formText } from './form-text';

/** What a hidden field of a form holds as JSON; `words` refuse one that did not arrive as the form wrote it. */
export function formJson(form: FormData, name: string, words: string): unknown {
  try {
    return JSON.parse(formText(form, name)) as unknown;
  } catch {
    return refuseField(name, words);
  }
}
