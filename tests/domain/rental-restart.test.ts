import { describe, expect, it } from 'vitest';
import { nextRentalAction } from '../../lib/domain/next-rental-action';
import { restartRefusal } from '../../lib/domain/rental-restart';
import { exampleRecord, exampleSight, MINUTE_MS, NOW_MS, told } from '../support/rental-cases';

const FREE = { ...exampleSight().jobs, open: 0 };
const wanted = (change: object = {}, agoMs = 0) =>
  exampleRecord({ restartWantedAtMs: NOW_MS - agoMs, idleSinceMs: NOW_MS, ...change });

describe('the restart of a rented machine', () => {
  it('is for one that runs without a job, or that was lost whatever was on it', () => {
    expect(restartRefusal({ goal: 'running', state: 'ready' }, 0)).toBeNull();
    expect(restartRefusal({ goal: 'running', state: 'lost' }, 1)).toBeNull();
    expect(restartRefusal({ goal: 'running', state: 'ready' }, 1)?.message).toContain('A job is not done');
    for (const state of ['coming', 'starting', 'stopped'] as const)
      expect(restartRefusal({ goal: 'running', state }, 0)?.code).toBe('conflict');
    expect(restartRefusal({ goal: 'gone', state: 'ready' }, 0)?.code).toBe('conflict');
  });

  it('is written down as begun with the request', () => {
    const action = nextRentalAction(wanted(), exampleSight({ jobs: FREE }));
    expect(action).toMatchObject({
      kind: 'restart',
      change: {
        rental: { state: 'starting', restartWantedAtMs: null, startAskedAtMs: NOW_MS, idleSinceMs: null },
        attempt: { failingSinceMs: null, failingWith: null },
        event: { level: 'note' },
      },
    });
  });

  it('waits until the machine is seen, and is dropped when a job came, or when it is late', () => {
    const DROPPED = { says: 'warning' };
    expect(told(nextRentalAction(wanted(), exampleSight({ jobs: FREE, list: null })))).toEqual({ kind: 'wait' });
    expect(nextRentalAction(wanted(), exampleSight())).toMatchObject({
      kind: 'write',
      change: { rental: { restartWantedAtMs: null }, event: { text: expect.stringContaining('A job is not done') } },
    });
    const late = (minutes: number) =>
      told(nextRentalAction(wanted({}, minutes * MINUTE_MS), exampleSight({ jobs: FREE })));
    expect(late(4)).toEqual({ kind: 'restart' });
    expect(late(5)).toEqual(DROPPED);
  });
});
