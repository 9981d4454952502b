import { describe, expect, it } from 'vitest';
import { fieldsOfFailure } from '../../app/_actions/form-error';
import { readAnswers } from '../../app/_actions/read-answers';
import { remediesOf } from '../../app/_copy/failure-remedies';
import { FAILURE_CODES, type Failure } from '../../lib/domain/failure';

function form(entries: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(entries)) data.set(name, value);
  return data;
}

describe('answers in a form', () => {
  it('are the buttons that were pressed, and numbers that were typed', () => {
    const answers = readAnswers(
      form({
        'answer:rope_theta': 'other',
        'other:rope_theta': '5e5',
        'answer:text_config.sliding_window': 'null',
        'answer:model_type': '"llama"',
        'other:rms_norm_eps': '1',
        checkId: 'x',
      }),
    );
    expect(answers).toEqual({ rope_theta: 500_000, 'text_config.sliding_window': null, model_type: 'llama' });
  });

  it.each(['', 'many', '1,5', '0x10', 'Infinity', '--1'])('refuse %j where a number is needed', (text) => {
    expect(() => readAnswers(form({ 'answer:a_b': 'other', 'other:a_b': text }))).toThrowError(
      expect.objectContaining({ fields: { 'answer:a_b': expect.stringContaining('number') } }),
    );
  });

  it('refuse what is no value', () => {
    for (const value of ['{"a":1}', '[1]', 'nothing'])
      expect(() => readAnswers(form({ 'answer:a': value }))).toThrowError(
        expect.objectContaining({ name: 'FormError' }),
      );
  });

  it('are missed where the form asks for at least one', () => {
    expect(readAnswers(form({ 'other:a': '5' }))).toEqual({});
    expect(() => readAnswers(form({ mustAnswer: 'yes', 'other:a': '5' }))).toThrowError(
      expect.objectContaining({ fields: { form: expect.stringMatching(/^Choose what is true first/) } }),
    );
    expect(readAnswers(form({ mustAnswer: 'yes', 'answer:a': 'null' }))).toEqual({ a: null });
  });

  it('have what is wrong with each beside it', () => {
    const failure: Failure = {
      code: 'answer-contradicts-tensors',
      message: '',
      remedy: '',
      evidence: ['text_config.head_dim: 64 does not fit: q_proj [8, 8]', 'no field here'],
      isTransient: false,
    };
    expect(fieldsOfFailure(failure)).toEqual({ 'answer:text_config.head_dim': '64 does not fit: q_proj [8, 8]' });
  });
});

describe('remedies', () => {
  it('name each button once, and none for a code that this page does not know', () => {
    for (const code of FAILURE_CODES) expect(new Set(remediesOf(code)).size, code).toBe(remediesOf(code).length);
    expect(remediesOf('disk-full')).toContain('other-host');
    expect(remediesOf('of-tomorrow' as never)).toEqual([]);
  });
});
