import { describe, expect, it } from 'vitest';
import { nextRentalAction } from '../../lib/domain/next-rental-action';
import { accountProblem, burnNanoUsdPerHour, creditAlarm } from '../../lib/domain/rental-credit';
import type { RentalRecord, RentalSight } from '../../lib/domain/rental-record';
import { exampleRecord, exampleSeen, exampleSight, exampleTry, MINUTE_MS, NOW_MS, told } from '../support/rental-cases';

const USD = 1_000_000_000;
const ACCOUNT = {
  id: '1',
  email: null,
  creditNanoUsd: 2.3 * USD,
  spentNanoUsd: null,
  isEmailVerified: true,
  hasCard: true,
};
const credit = (creditNanoUsd: number, hasCard: boolean | null = true): Partial<RentalSight> => ({
  credit: { creditNanoUsd, burnNanoUsdPerHour: 0.2 * USD, hasCard },
});
const alarm = (record: RentalRecord, sight: Partial<RentalSight>) => creditAlarm(record, exampleSight(sight));

describe('what an account must have before anything is rented', () => {
  it('is 1.3 times the estimate and a dollar', () => {
    expect(accountProblem(ACCOUNT, { totalNanoUsd: USD })).toBeNull();
    const refused = accountProblem({ ...ACCOUNT, creditNanoUsd: 2.29 * USD }, { totalNanoUsd: USD });
    expect(refused).toMatchObject({ code: 'rental-no-credit' });
    expect(refused?.message).toContain('$2.29');
    expect(refused?.message).toContain('$2.30');
  });

  it('is a confirmed address, where the service says whether it is', () => {
    const totalNanoUsd = USD;
    expect(accountProblem({ ...ACCOUNT, isEmailVerified: null }, { totalNanoUsd })).toBeNull();
    expect(accountProblem({ ...ACCOUNT, isEmailVerified: false }, { totalNanoUsd })?.code).toBe(
      'rental-email-unverified',
    );
  });
});

describe('credit that runs out', () => {
  const estimate = { ...exampleTry().estimate, totalMs: 60 * MINUTE_MS };
  // Just rented: all of the estimate is to come.
  const fresh = exampleRecord({ tries: [exampleTry({ thereAtMs: NOW_MS, estimate })] });

  it('is an alarm as soon as it lasts for less than what is to be done', () => {
    expect(alarm(fresh, credit(0.2 * USD))).toBeNull();
    const young = exampleRecord({ tries: [exampleTry({ thereAtMs: null, estimate })] });
    expect(alarm(young, credit(0.2 * USD))).toBeNull();
    const low = alarm(fresh, credit(0.19 * USD));
    expect(low).toMatchObject({ code: 'rental-credit-low' });
    expect(low?.evidence.join()).toContain('57m');
    expect(told(nextRentalAction(fresh, exampleSight(credit(0.19 * USD))))).toMatchObject({
      alarm: 'rental-credit-low',
    });
  });

  it('counts half an hour for a job that takes longer than expected, and no more than was agreed', () => {
    const late = exampleRecord({ tries: [exampleTry({ thereAtMs: NOW_MS - 600 * MINUTE_MS, estimate })] });
    expect(alarm(late, credit(0.11 * USD))).toBeNull();
    expect(alarm(late, credit(0.09 * USD))?.code).toBe('rental-credit-low');
    const short = exampleRecord({ createdAtMs: NOW_MS - 50 * MINUTE_MS }, { mostMs: 60 * MINUTE_MS });
    expect(alarm(short, credit(0.04 * USD))).toBeNull();
  });

  it('is to keep the disk of a stopped machine for a day', () => {
    const stopped = exampleRecord({ goal: 'stopped', state: 'stopped' });
    expect(alarm(stopped, credit(4.9 * USD))).toBeNull();
    expect(alarm(stopped, credit(4.7 * USD))?.code).toBe('rental-credit-low');
  });

  it('is nothing without a machine, without a price, and without knowing the credit', () => {
    expect(alarm(exampleRecord({ tries: [] }), credit(0))).toBeNull();
    expect(alarm(fresh, { credit: null })).toBeNull();
    expect(alarm(fresh, { credit: { creditNanoUsd: 1, burnNanoUsdPerHour: 0, hasCard: null } })).toBeNull();
  });

  it('is an end when there is none left, and stays one while the machine is stopped for it', () => {
    const used = alarm(fresh, credit(0, false));
    expect(used).toMatchObject({ code: 'rental-no-credit' });
    expect(used?.message).toContain('No card is saved');
    const stopped = exampleRecord({ state: 'stopped', alarm: used });
    expect(alarm(stopped, {})).toBe(used);
    expect(alarm({ ...stopped, state: 'starting' }, {})).toBeNull();
  });
});

describe('what an account burns', () => {
  it('is what all its machines cost now, as far as it is told', () => {
    const silent = exampleSeen({ id: '3', runningNanoUsdPerHour: null });
    expect(burnNanoUsdPerHour([exampleSeen(), exampleSeen({ id: '2' }), silent])).toBe(0.4 * USD);
  });
});
