import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  FREE_LANE_LINE,
  MEASURED_LINE,
  markerFailure,
  markerLane,
  markerProgress,
} from '../../lib/pipeline/marker-line';

const line = (done: number, extra = '') =>
  `quantdeck-progress: {"phase":"hashing","done":${done},"total":4,"unit":"files"${extra}}\n`;

describe('progress lines of our host programs', () => {
  it('are read however the text is cut, the newest one counts', () => {
    const parser = markerProgress();
    const text = `starting\n${line(1)}noise\n${line(2, ',"etaMs":5000')}`;
    expect(parser.push(text.slice(0, 30), 0)).toBeNull();
    expect(parser.push(text.slice(30), 0)).toMatchObject({ phase: 'hashing', done: 2, fraction: 0.5, etaMs: 5000 });
    expect(parser.push('nothing new\n', 0)).toBeNull();
  });

  it.each([
    'quantdeck-progress: {not json}\n',
    'quantdeck-progress: {"phase":"x","done":-1,"total":4,"unit":"files"}\n',
    'quantdeck-progress: {"phase":"x","done":1,"total":4,"unit":"bananas"}\n',
  ])('that are damaged or forged are ignored: %s', (text) => {
    expect(markerProgress().push(text, 0)).toBeNull();
  });
});

describe('the last words of our host programs', () => {
  it('become a failure; the last of several counts', () => {
    const first = 'quantdeck-failure: {"code":"disk-full","message":"a","remedy":"b"}';
    const second = 'quantdeck-failure: {"code":"download-failed","message":"c","remedy":"d"}';
    expect(markerFailure(`${first}\nx\n${second}\n`)).toEqual({
      code: 'download-failed',
      message: 'c',
      remedy: 'd',
      evidence: [],
      isTransient: false,
    });
  });

  it('with a code that is not ours are ignored', () => {
    expect(markerFailure('quantdeck-failure: {"code":"made-up","message":"a","remedy":"b"}')).toBeNull();
    expect(markerFailure('all is well')).toBeNull();
  });
});

describe('the line by which a script gives its lane away', () => {
  it('is seen however it is cut, and only as a whole line', () => {
    const printed = execFileSync('/bin/sh', ['-c', FREE_LANE_LINE], { encoding: 'utf8' });
    const lane = markerLane();
    expect(lane.push(`said ${printed}`)).toBeNull();
    expect(lane.push(printed.slice(0, 9))).toBeNull();
    expect(lane.push(printed.slice(9))).toBe('free');
    expect(lane.push('more\n')).toBeNull();
  });

  it('is another one when only the measuring is over', () => {
    const printed = execFileSync('/bin/sh', ['-c', MEASURED_LINE], { encoding: 'utf8' });
    const lane = markerLane();
    expect(lane.push(`x\n${printed}y`)).toBe('measured');
    expect(lane.push('z\n')).toBeNull();
  });
});
