import { describe, expect, it } from 'vitest';
import { FailureError } from '../../lib/domain/failure';
import { problemDetailsOf } from '../../lib/domain/problem-details';

const { failure } = new FailureError('disk-full', 'The disk holds 3 GiB less than needed.', {
  remedy: 'Free some space.',
  evidence: ['df: 1 GiB'],
});

describe('the body of a refused request', () => {
  it('has our code, the words for a person and the status of the failure', () => {
    expect(problemDetailsOf(failure, '/api/v1/jobs')).toEqual({
      type: 'urn:quantdeck:failure:disk-full',
      title: 'Disk full',
      status: 507,
      detail: 'The disk holds 3 GiB less than needed.',
      instance: '/api/v1/jobs',
      code: 'disk-full',
      remedy: 'Free some space.',
      evidence: ['df: 1 GiB'],
      isTransient: false,
    });
  });

  it('takes another status where HTTP has a more exact one', () => {
    expect(problemDetailsOf(failure, '/', 421).status).toBe(421);
  });

  it('shows nothing of the inside when the fault is ours', () => {
    const internal = new FailureError('internal', 'Something broke.', { evidence: ['/home/me/secret.db'] }).failure;
    expect(problemDetailsOf(internal, '/')).toMatchObject({ status: 500, evidence: [] });
  });
});
