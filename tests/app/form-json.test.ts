import { expect, it } from 'vitest';
import { FormError } from '../../app/_actions/form-error';
import { formJson } from '../../app/_actions/form-json';

function formWith(value: string): FormData {
  const form = new FormData();
  form.set('patch', value);
  return form;
}

it('reads what a form wrote into a hidden field', () => {
  expect(formJson(formWith('{"num_hidden_layers":40}'), 'patch', 'words')).toEqual({ num_hidden_layers: 40 });
});

it.each(['', '{"num_hidden_', 'undefined'])('refuses what did not arrive whole, in words: %j', (text) => {
  const read = () => formJson(formWith(text), 'patch', 'The repair did not arrive whole.');
  expect(read).toThrow(FormError);
  expect(read).toThrow(expect.objectContaining({ fields: { patch: 'The repair did not arrive whole.' } }));
});
