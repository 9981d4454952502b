import { describe, expect, it } from 'vitest';
import { FailureError } from '../../lib/domain/failure';
import { nextRentalAction } from '../../lib/domain/next-rental-action';
import { accountChanged, isOfOtherAccount } from '../../lib/domain/rental-account-change';
import { unknownOutcome } from '../../lib/domain/rental-release';
import { exampleRecord, exampleSight, exampleTry, MINUTE_MS, NOW_MS, told } from '../support/rental-cases';

const isOther = (change: Parameters<typeof exampleTry>[0], accountId = 'account-2') =>
  isOfOtherAccount(exampleRecord({ tries: [exampleTry(change)] }), accountId, NOW_MS);

describe('isOfOtherAccount', () => {
  it('holds for a machine that is there, was asked for, or was given back without proof', () => {
    expect(isOther({})).toBe(true);
    expect(isOther({ state: 'asking', serviceId: null })).toBe(true);
    expect(isOther({ state: 'releasing' })).toBe(true);
    expect(isOther({}, 'account-1')).toBe(false);
  });

  it('holds for a request that may yet come to something, a day long', () => {
    const failure = unknownOutcome(exampleTry());
    const gone = { state: 'gone', serviceId: null, failure } as const;
    expect(isOther({ ...gone, sentAtMs: NOW_MS - MINUTE_MS })).toBe(true);
    expect(isOther({ ...gone, sentAtMs: NOW_MS - 25 * 60 * MINUTE_MS })).toBe(false);
  });

  it('does not hold for what was proven gone, was never sent, or is older than our knowledge of accounts', () => {
    expect(isOther({ state: 'gone' })).toBe(false);
    const refused = new FailureError('rental-refused', 'No.').failure;
    expect(isOther({ state: 'gone', serviceId: null, sentAtMs: NOW_MS - MINUTE_MS, failure: refused })).toBe(false);
    expect(isOther({ sentAtMs: null })).toBe(false);
    expect(isOther({ accountId: null })).toBe(false);
  });
});

describe('the alarm about another account', () => {
  it('names the machines that are billed on, and goes when the key is right again', () => {
    const failure = accountChanged([exampleRecord()]);
    expect(failure.message).toContain('A machine of the former one still runs');
    expect(failure.evidence).toEqual(['instance 500']);
    const asked = exampleRecord({ tries: [exampleTry({ state: 'asking', serviceId: null })] });
    expect(accountChanged([exampleRecord(), asked]).evidence).toEqual(['instance 500']);
    expect(accountChanged([asked]).message).toContain('A machine may have been rented in the former one');
    expect(accountChanged([exampleRecord(), exampleRecord()]).message).toContain('2 machines of the former one');
    const blind = exampleSight({ list: null, blindness: failure });
    expect(told(nextRentalAction(exampleRecord(), blind))).toEqual({ alarm: 'rental-account-changed', says: 'alarm' });
    expect(told(nextRentalAction(exampleRecord({ alarm: failure }), blind))).toEqual({ kind: 'wait' });
    expect(told(nextRentalAction(exampleRecord({ alarm: failure }), exampleSight()))).toEqual({ alarm: null });
  });
});
