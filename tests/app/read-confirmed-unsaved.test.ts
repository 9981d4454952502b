import { expect, it } from 'vitest';
import { FormError } from '../../app/_actions/form-error';
import { readConfirmedUnsaved } from '../../app/_actions/read-confirmed-unsaved';
import { confirmedUnsavedSchema } from '../../lib/commands/refuse-unsaved';

function formWith(value: string): FormData {
  const form = new FormData();
  form.set('confirmedUnsaved', value);
  return form;
}

it('reads every name of a machine that holds thousands of files, as the command takes them', () => {
  const names = Array.from({ length: 3000 }, (_, at) => `a-model-of-${at}-Q4_K_M.gguf`);
  expect(readConfirmedUnsaved(formWith(JSON.stringify(names)))).toEqual(names);
  expect(confirmedUnsavedSchema.parse(names)).toEqual(names);
});

it('reads none where no dialog asked', () => {
  expect(readConfirmedUnsaved(new FormData())).toEqual([]);
});

it.each(['["model.gg', '[1]', `["${'x'.repeat(301)}"]`])('refuses what no dialog sends: %s', (text) => {
  expect(() => readConfirmedUnsaved(formWith(text))).toThrow(FormError);
});
