import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DrawSchedule } from '../../app/_live/draw-schedule';
import { stubHideablePage } from './hideable-page';

describe('DrawSchedule', () => {
  let page: ReturnType<typeof stubHideablePage>;
  let drawnAtMs: number[];
  let costMs: number;
  let schedule: DrawSchedule;
  const requestFor = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 4) {
      schedule.request();
      vi.advanceTimersByTime(4);
    }
  };

  beforeEach(() => {
    vi.useFakeTimers();
    page = stubHideablePage();
    drawnAtMs = [];
    costMs = 0;
    schedule = new DrawSchedule(() => {
      drawnAtMs.push(performance.now());
      if (costMs > 0) vi.advanceTimersByTime(costMs);
    });
  });
  afterEach(() => {
    schedule.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('draws the first time at once, and then at most thirty times a second', () => {
    const startMs = performance.now();
    schedule.request();
    vi.advanceTimersByTime(1);
    expect(drawnAtMs).toHaveLength(1);
    expect((drawnAtMs[0] ?? 0) - startMs).toBeLessThan(2);
    requestFor(1000);
    expect(drawnAtMs.length).toBeGreaterThan(24);
    expect(drawnAtMs.length).toBeLessThan(34);
  });

  const pauses = () => drawnAtMs.slice(1).map((atMs, index) => atMs - (drawnAtMs[index] ?? 0));

  it('rests twice as long as a drawing takes, so that a slow machine stays usable', () => {
    costMs = 40;
    requestFor(2000);
    expect(Math.min(...pauses().slice(1))).toBeGreaterThanOrEqual(120);
  });

  it('does not let one slow drawing hold up the lines after it', () => {
    requestFor(200);
    const before = drawnAtMs.length;
    costMs = 45;
    schedule.request();
    vi.advanceTimersByTime(32);
    costMs = 0;
    requestFor(500);
    // The slow one itself and the usual rest, not a rest of twice 45 ms.
    expect(pauses()[before]).toBeLessThan(45 + 36);
    expect(Math.max(...pauses().slice(before + 1))).toBeLessThan(45);
  });

  it('draws nothing in a hidden tab, and once at once when it is looked at again', () => {
    page.hide();
    requestFor(5000);
    expect(drawnAtMs).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    page.show();
    expect(drawnAtMs).toHaveLength(1);
    page.hide();
    page.show();
    expect(drawnAtMs).toHaveLength(1);
  });

  it('does not draw when the tab was hidden between the request and its turn, but afterwards', () => {
    schedule.request();
    page.hide();
    vi.advanceTimersByTime(1000);
    expect(drawnAtMs).toEqual([]);
    page.show();
    expect(drawnAtMs).toHaveLength(1);
  });

  it('is quiet once it was stopped', () => {
    schedule.request();
    schedule.stop();
    vi.advanceTimersByTime(1000);
    page.hide();
    page.show();
    expect(drawnAtMs).toEqual([]);
  });
});
