/** A text field of a form, trimmed; empty when it is missing or a file. */
export function formText(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A number as people type it, still unchecked: without a dollar sign, and a comma is a point. */
export function formNumberText(form: FormData, name: string): string {
  return formText(form, name).replace(/^\$/, '').replace(',', '.');
}

/** A secret of a form: not trimmed, because spaces are part of passwords. */
export function formSecret(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
