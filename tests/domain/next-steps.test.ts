import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../lib/domain/job-steps';
import { firstPhaseOf, isMeasuring, laneOf, nextSteps, type StepNow, upcomingSteps } from '../../lib/domain/next-steps';
import { QUANTIZATION_TYPES } from '../../lib/domain/quantization-types';
import { isOnHost, type StepKey, stepKindOf } from '../../lib/domain/step-key';
import { seededRandom } from '../support/seeded-random';

const RUNS = 400;

function waiting(spec: Parameters<typeof stepsOf>[0]): StepNow[] {
  return stepsOf(spec).map(({ key, after }, ordinal) => ({ key, after, ordinal, phase: 'waiting', begun: null }));
}

/** The same steps, some of them in another phase. */
function change(steps: readonly StepNow[], phases: Partial<Record<StepKey, StepNow['phase']>>): StepNow[] {
  return steps.map((step) => ({ ...step, phase: phases[step.key] ?? step.phase }));
}

const job = waiting({ baseType: 'auto', outputs: ['F16', 'Q4_K_M', 'Q8_0'], bringHome: true });
const TRUNK_DONE = {
  'prepare-host': 'done',
  'fetch-model': 'done',
  'inspect-model': 'done',
  'repair-model': 'done',
  'convert-model': 'done',
} as const;

describe('what begins next', () => {
  it('is nothing on a host that is not there yet, or not any more', () => {
    const rented = waiting({
      baseType: 'auto',
      outputs: ['F16'],
      bringHome: true,
      rental: { rentalId: 'r', afterwards: 'keep' },
    });
    expect(nextSteps(rented)).toEqual(['rent-host']);
    expect(nextSteps(change(rented, { 'rent-host': 'working' }))).toEqual([]);
    const there = change(rented, { 'rent-host': 'done' });
    expect(nextSteps(there)).toEqual(['prepare-host', 'fetch-model']);
    expect(there.filter(({ key }) => !isOnHost(stepKindOf(key))).map(({ key }) => key)).toEqual([
      'rent-host',
      'release-host',
    ]);
  });

  it('installs while it downloads', () => {
    expect(nextSteps(job)).toEqual(['prepare-host', 'fetch-model']);
    const fetched = change(job, { 'prepare-host': 'working', 'fetch-model': 'done', 'inspect-model': 'done' });
    expect(nextSteps(fetched)).toEqual(['repair-model']);
    expect(nextSteps(change(fetched, { 'repair-model': 'done' }))).toEqual([]);
  });

  it('quantizes while it hashes and brings home, and verifies when nothing is left to make', () => {
    const converted = change(job, TRUNK_DONE);
    expect(nextSteps(converted)).toEqual(['quantize:Q4_K_M', 'checksum:F16']);
    const hashed = change(converted, { 'quantize:Q4_K_M': 'working', 'checksum:F16': 'done' });
    expect(nextSteps(hashed)).toEqual(['bring-home:F16']);
    const one = change(hashed, { 'quantize:Q4_K_M': 'done', 'bring-home:F16': 'working' });
    expect(nextSteps(one)).toEqual(['quantize:Q8_0', 'checksum:Q4_K_M']);
    const hashing = change(one, { 'quantize:Q8_0': 'done', 'checksum:Q4_K_M': 'working' });
    expect(nextSteps(hashing)).toEqual([]);
    expect(nextSteps(change(hashing, { 'checksum:Q4_K_M': 'done', 'checksum:Q8_0': 'done' }))).toEqual(['verify:F16']);
  });

  it('hashes nothing while a file is measured, and again once that is over, beside the same step', () => {
    const hashed = { 'checksum:F16': 'done', 'quantize:Q4_K_M': 'done', 'bring-home:F16': 'done' } as const;
    const made = change(job, { ...TRUNK_DONE, ...hashed, 'quantize:Q8_0': 'settling', 'verify:F16': 'measuring' });
    expect(nextSteps(made)).toEqual([]);
    expect(isMeasuring(made)).toBe(true);
    const measured = change(made, { 'verify:F16': 'working' });
    expect(nextSteps(measured)).toEqual(['checksum:Q4_K_M']);
    expect(isMeasuring(measured)).toBe(false);
    expect([firstPhaseOf('verify:F16'), firstPhaseOf('quantize:Q4_K_M')]).toEqual(['measuring', 'working']);
    // What cannot measure holds nothing by it.
    expect(nextSteps(change(measured, { 'verify:F16': 'waiting', 'repair-model': 'measuring' }))).toEqual([
      'checksum:Q4_K_M',
    ]);
  });

  it('gives a lane away as soon as a command has ended, and what depends on its result waits for that', () => {
    const settling = change(job, { ...TRUNK_DONE, 'quantize:Q4_K_M': 'settling', 'checksum:F16': 'working' });
    expect(nextSteps(settling)).toEqual(['quantize:Q8_0']);
  });

  it('follows first what an earlier worker began, all that is on the host and of the rest one a lane', () => {
    const begun: Partial<Record<StepKey, StepNow['begun']>> = {
      'quantize:Q8_0': 'on-host',
      'verify:F16': 'elsewhere',
      'verify:Q4_K_M': 'on-host',
    };
    const found = change(job, { ...TRUNK_DONE, 'quantize:Q4_K_M': 'done', 'checksum:F16': 'done' }).map((step) => ({
      ...step,
      ...(step.key === 'checksum:Q4_K_M' ? { phase: 'done' as const } : {}),
      begun: begun[step.key] ?? null,
    }));
    expect(nextSteps(found)).toEqual(['quantize:Q8_0', 'verify:Q4_K_M', 'bring-home:F16']);
    const free = found.map((step) => (begun[step.key] === 'on-host' ? { ...step, phase: 'done' as const } : step));
    expect(nextSteps(free)).toEqual(['verify:F16', 'bring-home:F16']);
  });

  it('leaves what stands on a failed step alone and goes on with the rest', () => {
    const failed = change(job, { ...TRUNK_DONE, 'quantize:Q4_K_M': 'failed', 'checksum:F16': 'failed' });
    expect(nextSteps(failed)).toEqual(['quantize:Q8_0']);
  });
});

describe('what can be looked at before its turn', () => {
  const making = change(job, { ...TRUNK_DONE, 'quantize:Q4_K_M': 'working', 'checksum:F16': 'done' });

  it('is the next step of each lane that waits for nothing else', () => {
    expect(upcomingSteps(change(making, { 'bring-home:F16': 'working' }))).toEqual(['quantize:Q8_0']);
    const made = { 'quantize:Q4_K_M': 'done', 'quantize:Q8_0': 'working', 'checksum:Q4_K_M': 'working' } as const;
    expect(upcomingSteps(change(making, { ...made, 'bring-home:F16': 'working' }))).toEqual(['verify:F16']);
    expect(upcomingSteps(change(job, { 'prepare-host': 'working', 'fetch-model': 'working' }))).toEqual([]);
  });

  it('is nothing that an earlier worker began: whether that still runs is seen when its turn comes', () => {
    const begun = making.map((step) => ({
      ...step,
      begun: step.key === 'quantize:Q8_0' ? ('elsewhere' as const) : null,
    }));
    expect(upcomingSteps(change(begun, { 'bring-home:F16': 'working' }))).toEqual([]);
  });
});

/** Plays a job to its end: what begins is chosen by `nextSteps`, what ends, settles or fails by chance. */
function play(random: () => number) {
  const outputs = QUANTIZATION_TYPES.filter(() => random() < 0.15).concat('Q8_0');
  const baseType = (['auto', 'F16', 'BF16', 'F32'] as const)[Math.floor(random() * 4)] ?? 'auto';
  const failing = random() < 0.5 ? 0.08 : 0;
  let steps = waiting({ baseType, outputs: [...new Set(outputs)], bringHome: random() < 0.7 });
  const began: StepKey[] = [];
  const most = new Map<string, number>();
  for (;;) {
    const next = nextSteps(steps);
    began.push(...next);
    for (const key of next) steps = change(steps, { [key]: firstPhaseOf(key) });
    if (isMeasuring(steps)) expect(steps.filter(isHashing)).toEqual([]);
    countLanes(steps, most);
    const running = steps.filter(({ phase }) => ['measuring', 'working', 'settling'].includes(phase));
    if (running.length === 0) return { steps, began, most };
    const one = running[Math.floor(random() * running.length)] as StepNow;
    if (one.phase === 'measuring' && random() < 0.5) steps = change(steps, { [one.key]: 'working' });
    else if (one.phase === 'working' && random() < 0.5) steps = change(steps, { [one.key]: 'settling' });
    else steps = change(steps, { [one.key]: random() < failing ? 'failed' : 'done' });
  }
}

const isHashing = ({ key, phase }: StepNow) => phase === 'working' && laneOf(stepKindOf(key)) === 'hash';

function countLanes(steps: readonly StepNow[], most: Map<string, number>): void {
  const atWork = steps.filter(({ phase }) => phase === 'working' || phase === 'measuring');
  const lanes = atWork.map(({ key }) => laneOf(stepKindOf(key)));
  for (const lane of lanes) {
    if (lane !== null) most.set(lane, Math.max(most.get(lane) ?? 0, lanes.filter((other) => other === lane).length));
  }
}

it(`holds for ${RUNS} random jobs, orders of finishing and failures`, () => {
  const random = seededRandom(20_261_127);
  let failures = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const { steps, began, most } = play(random);
    expect(new Set(began).size).toBe(began.length);
    expect(Math.max(...most.values())).toBe(1);
    const place = new Map(began.map((key, index) => [key, index]));
    const phaseOf = new Map(steps.map(({ key, phase }) => [key, phase]));
    for (const { key, after, phase } of steps) {
      // Whatever began did so after all it needs; whatever did not stands, near or far, on a failure.
      if (phase === 'waiting') expect(after.some((need) => phaseOf.get(need) !== 'done')).toBe(true);
      else for (const need of after) expect(place.get(need)).toBeLessThan(place.get(key) as number);
    }
    const failed = steps.filter(({ phase }) => phase === 'failed').length;
    failures += failed;
    if (failed === 0) expect(steps.every(({ phase }) => phase === 'done')).toBe(true);
  }
  expect(failures).toBeGreaterThan(RUNS / 4);
});
