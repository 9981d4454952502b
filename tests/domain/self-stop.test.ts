import { expect, it } from 'vitest';
import { parseSelfStop, SELF_STOPS, selfStopProblem } from '../../lib/domain/self-stop';
import { selfStopChange } from '../../lib/domain/self-stop-change';
import { exampleTry } from '../support/rental-cases';

it('believes no machine that does not say plainly that it stops itself', () => {
  for (const each of SELF_STOPS) expect(parseSelfStop(`welcome\nself-stop: ${each}\n`)).toBe(each);
  for (const odd of ['', 'armed', 'self-stop: armed and more', 'self-stop: constructor', 'x self-stop: armed'])
    expect(parseSelfStop(odd)).toBe('not-watching');
});

it('is a problem with a reason, or none', () => {
  expect(selfStopProblem(null)).toBeNull();
  expect(selfStopProblem('armed')).toBeNull();
  expect(selfStopProblem('no-key')).toContain(
    'cannot stop itself: the service gave it no key of its own. If Quantdeck',
  );
  expect(selfStopProblem('no-way')).toContain('neither curl nor Python');
  expect(selfStopProblem('not-watching')).toContain('does not run');
});

it('is told once, when it becomes another', () => {
  const from = { id: 'try-1', from: 'there' };
  expect(selfStopChange(exampleTry(), 'armed')).toEqual({ attempt: { ...from, selfStop: 'armed' } });
  const unarmed = exampleTry({ selfStop: 'no-key' });
  expect(selfStopChange(exampleTry(), 'no-key')).toEqual({
    attempt: { ...from, selfStop: 'no-key' },
    event: { level: 'warning', text: selfStopProblem('no-key') },
  });
  expect(selfStopChange(unarmed, 'no-key')).toBeNull();
  expect(selfStopChange(unarmed, 'armed')).toEqual({
    attempt: { ...from, selfStop: 'armed' },
    event: { level: 'note', text: 'The machine can stop itself now.' },
  });
});
