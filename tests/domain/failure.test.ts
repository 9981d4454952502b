import { describe, expect, it } from 'vitest';
import { FailureError, failureError, isFailureError, toFailure } from '../../lib/domain/failure';

describe('failures', () => {
  it('keep the cause, and carry data that can be stored', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new FailureError('host-refused', 'Nothing listens there.', {
      cause,
      remedy: 'Check the port.',
      evidence: ['a'],
      evidenceOffsets: [42],
    });
    expect(error.cause).toBe(cause);
    expect(JSON.parse(JSON.stringify(error.failure))).toEqual({
      code: 'host-refused',
      message: 'Nothing listens there.',
      remedy: 'Check the port.',
      evidence: ['a'],
      evidenceOffsets: [42],
      isTransient: false,
    });
  });

  it('are thrown again as they were found out', () => {
    const { failure } = new FailureError('disk-full', 'No room.', {
      remedy: 'Make some.',
      evidence: ['a'],
      isTransient: true,
    });
    const again = failureError({ ...failure, evidenceOffsets: [null] });
    expect(again).toBeInstanceOf(FailureError);
    expect(again.failure).toEqual({ ...failure, evidenceOffsets: [null] });
  });

  it('are recognised when another copy of the module made them', () => {
    const foreign = Object.assign(new Error('x'), { name: 'FailureError', failure: { code: 'disk-full' } });
    expect(isFailureError(foreign)).toBe(true);
    expect(isFailureError(new Error('x'))).toBe(false);
    expect(toFailure(foreign).code).toBe('disk-full');
  });

  it('made of anything else are internal, with the words kept as evidence', () => {
    expect(toFailure(new TypeError('boom'))).toMatchObject({ code: 'internal', evidence: ['boom'] });
    expect(toFailure('just text').evidence).toEqual(['just text']);
    expect(new FailureError('canceled', 'Stopped.').failure).toEqual({
      code: 'canceled',
      message: 'Stopped.',
      remedy: '',
      evidence: [],
      isTransient: false,
    });
  });
});
