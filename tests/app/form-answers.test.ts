import { describe, expect, it } from 'vitest';
import { fieldsOfFailure } from '../../app/_actions/form-error';
import { unplacedFailure } from '../../app/_actions/unplaced-failure';
import { FailureError } from '../../lib/domain/failure';

const refusal = (evidence: string[]) =>
  new FailureError('invalid-input', 'The password is missing.', { evidence }).failure;

describe('answers to forms', () => {
  it('puts what a command says about a field beside that field', () => {
    expect(fieldsOfFailure(refusal(['hfEndpoint: This is not a web address.', 'source.repo: bad id']))).toEqual({
      hfEndpoint: 'This is not a web address.',
      source: 'bad id',
    });
    expect(fieldsOfFailure(refusal(['password: required']))).toEqual({ password: 'The password is missing.' });
  });

  it('does not take lines of a host for fields', () => {
    const { failure } = new FailureError('ssh-auth-refused', 'refused', { evidence: ['debug: handshake'] });
    expect(fieldsOfFailure(failure)).toEqual({});
  });

  it('shows the failure as a whole as soon as a part of it has no place', () => {
    const failure = refusal([]);
    expect(unplacedFailure(null, [])).toBeNull();
    expect(unplacedFailure({ ok: false, failure, fields: {} }, ['name'])).toBe(failure);
    expect(unplacedFailure({ ok: false, failure, fields: { name: 'x' } }, ['name'])).toBeNull();
    expect(unplacedFailure({ ok: false, failure, fields: { name: 'x', token: 'y' } }, ['name'])).toBe(failure);
  });
});
