import { describe, expect, it } from 'vitest';
import { nowNanoUsdPerHour } from '../../lib/domain/rental-rate';

const seen = { runningNanoUsdPerHour: 200, storageNanoUsdPerHour: 3 };

describe('what an hour costs now', () => {
  it('is nothing before there is a machine and after it is proven gone', () => {
    expect(nowNanoUsdPerHour({ state: 'looking', hasMachine: false, seen: null, phase: null })).toBe(0);
    expect(nowNanoUsdPerHour({ state: 'looking', hasMachine: false, seen, phase: 'running' })).toBe(0);
    expect(nowNanoUsdPerHour({ state: 'ended', hasMachine: false, seen, phase: 'running' })).toBe(0);
  });

  it('is that of the former machine while the next one is looked for and the former is not proven gone', () => {
    expect(nowNanoUsdPerHour({ state: 'looking', hasMachine: true, seen, phase: 'running' })).toBe(200);
  });

  it('is not known while nobody has seen the machine', () => {
    expect(nowNanoUsdPerHour({ state: 'asking', hasMachine: true, seen: null, phase: null })).toBeNull();
  });

  it('follows what the service bills for, and is all of it where that is not known', () => {
    expect(nowNanoUsdPerHour({ state: 'ready', hasMachine: true, seen, phase: 'running' })).toBe(200);
    expect(nowNanoUsdPerHour({ state: 'stopped', hasMachine: true, seen, phase: 'stopped' })).toBe(3);
    expect(nowNanoUsdPerHour({ state: 'lost', hasMachine: true, seen, phase: 'offline' })).toBe(0);
    expect(nowNanoUsdPerHour({ state: 'lost', hasMachine: true, seen, phase: 'silent' })).toBe(200);
  });
});
