import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../lib/domain/job-steps';
import type { StepNow } from '../../lib/domain/next-steps';
import { QUANTIZATION_TYPES } from '../../lib/domain/quantization-types';
import type { StepKey } from '../../lib/domain/step-key';
import { runSteps } from '../../lib/pipeline/step-scheduler';
import { seededRandom } from '../support/seeded-random';

interface Started {
  freeLane(part?: 'measured'): void;
  end(error?: Error): Promise<void>;
}

/** A job whose steps end when the test says so. */
function start(steps: readonly StepNow[]) {
  const abort = new AbortController();
  const running = new Map<StepKey, Started>();
  const began: StepKey[] = [];
  const prepared: StepKey[] = [];
  const failures: [StepKey, unknown][] = [];
  const onFailure = (key: StepKey, error: unknown) => {
    failures.push([key, error]);
    if (!key.includes(':')) abort.abort('step-failed');
  };
  const quiet: boolean[] = [];
  const onQuiet = (isQuiet: boolean) => {
    if (quiet.at(-1) !== isQuiet) quiet.push(isQuiet);
  };
  const run = (key: StepKey, freeLane: Started['freeLane']) =>
    new Promise<void>((resolve, reject) => {
      began.push(key);
      const end = async (error?: Error) => {
        running.delete(key);
        if (error) reject(error);
        else resolve();
        await settled();
      };
      running.set(key, { freeLane, end });
    });
  abort.signal.addEventListener('abort', () => {
    for (const step of [...running.values()]) void step.end(new Error(String(abort.signal.reason)));
  });
  const prepare = (key: StepKey) => prepared.push(key);
  const ended = runSteps(steps, { run, prepare, onQuiet, onFailure, signal: abort.signal });
  const at = () => [...running.keys()].sort();
  const step = (key: StepKey) => running.get(key) as Started;
  return { abort, at, began, ended, failures, prepared, quiet, step };
}

/** Lets all promises that can go on do so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function stepsOfJob(spec: Parameters<typeof stepsOf>[0], done: (key: StepKey) => boolean = () => false): StepNow[] {
  return stepsOf(spec).map(({ key, after }, ordinal) => ({
    key,
    after,
    ordinal,
    phase: done(key) ? 'done' : 'waiting',
    begun: null,
  }));
}

const FILES = { baseType: 'auto', outputs: ['F16', 'Q4_K_M', 'Q8_0'], bringHome: true } as const;
const spec = { ...FILES, outputs: [...FILES.outputs] };
const isTrunk = (key: StepKey) => !key.includes(':');

describe('the scheduler', () => {
  it('overlaps what can: the host is prepared while the model comes, files are hashed and brought home while others are made', async () => {
    const job = start(stepsOfJob(spec));
    expect(job.at()).toEqual(['fetch-model', 'prepare-host']);
    for (const key of ['fetch-model', 'inspect-model', 'repair-model'] as const) await job.step(key).end();
    expect(job.at()).toEqual(['prepare-host']);
    await job.step('prepare-host').end();
    await job.step('convert-model').end();
    expect(job.at()).toEqual(['checksum:F16', 'quantize:Q4_K_M']);
    await job.step('checksum:F16').end();
    expect(job.at()).toEqual(['bring-home:F16', 'quantize:Q4_K_M']);
    // The file is not on the disk yet, but the cores are free.
    job.step('quantize:Q4_K_M').freeLane();
    expect(job.at()).toEqual(['bring-home:F16', 'quantize:Q4_K_M', 'quantize:Q8_0']);
    await job.step('quantize:Q4_K_M').end();
    await job.step('quantize:Q8_0').end();
    // What hashing leaves of the cores is no measure of a file.
    expect(job.at()).toEqual(['bring-home:F16', 'checksum:Q4_K_M']);
    for (let ends = 0; job.at().length > 0 && ends < 20; ends += 1) await job.step(job.at()[0] as StepKey).end();
    await job.ended;
    expect(job.failures).toEqual([]);
    expect([...job.began].sort()).toEqual(
      stepsOf(spec)
        .map(({ key }) => key)
        .sort(),
    );
  });

  it('brings the other files to their ends when one fails, and leaves only what stands on it undone', async () => {
    const job = start(stepsOfJob(spec, isTrunk));
    const broken = new Error('no room left');
    await job.step('quantize:Q4_K_M').end(broken);
    for (let ends = 0; job.at().length > 0 && ends < 20; ends += 1) await job.step(job.at()[0] as StepKey).end();
    await job.ended;
    expect(job.failures).toEqual([['quantize:Q4_K_M', broken]]);
    expect([...job.began].sort()).toEqual(
      ['F16', 'Q8_0']
        .flatMap((type) => [`bring-home:${type}`, `checksum:${type}`, `verify:${type}`])
        .concat('quantize:Q4_K_M', 'quantize:Q8_0')
        .sort(),
    );
  });

  it('stops everything when the trunk fails, calls only that a failure and begins nothing more', async () => {
    const outputs = [...spec.outputs, 'IQ2_M' as const];
    const job = start(stepsOfJob({ ...spec, outputs }, (key) => isTrunk(key) && key !== 'imatrix'));
    expect(job.at()).toEqual(['checksum:F16', 'imatrix']);
    const broken = new Error('it broke');
    await job.step('imatrix').end(broken);
    await job.ended;
    expect(job.failures).toEqual([['imatrix', broken]]);
    expect(job.began).toEqual(['imatrix', 'checksum:F16']);
  });

  it('looks ahead once for what waits for its lane only', async () => {
    const job = start(stepsOfJob(spec, isTrunk));
    expect(job.prepared).toEqual(['quantize:Q8_0']);
    await job.step('checksum:F16').end();
    job.step('quantize:Q4_K_M').freeLane();
    expect(job.at()).toEqual(['bring-home:F16', 'quantize:Q4_K_M', 'quantize:Q8_0']);
    expect(job.prepared).toEqual(['quantize:Q8_0', 'verify:F16']);
    await job.step('quantize:Q4_K_M').end();
    expect(job.prepared).toEqual(['quantize:Q8_0', 'verify:F16']);
    for (let ends = 0; job.at().length > 0 && ends < 20; ends += 1) await job.step(job.at()[0] as StepKey).end();
    await job.ended;
    expect(new Set(job.prepared).size).toBe(job.prepared.length);
    for (const key of job.prepared) expect(job.began).toContain(key);
  });

  it('measures while nothing else works, and says when that is', async () => {
    const made = (key: StepKey) =>
      isTrunk(key) || key.endsWith('F16') || key === 'quantize:Q4_K_M' || key === 'checksum:Q4_K_M';
    const job = start(stepsOfJob(spec, (key) => made(key) && key !== 'verify:F16'));
    job.step('quantize:Q8_0').freeLane();
    expect(job.at()).toEqual(['bring-home:Q4_K_M', 'quantize:Q8_0', 'verify:F16']);
    await job.step('quantize:Q8_0').end();
    // Its hash waits until the measuring is done, not until the step is; so does the measuring of the next file for it.
    expect(job.at()).toEqual(['bring-home:Q4_K_M', 'verify:F16']);
    expect(job.quiet).toEqual([false, true]);
    job.step('verify:F16').freeLane('measured');
    job.step('verify:F16').freeLane('measured');
    expect(job.at()).toEqual(['bring-home:Q4_K_M', 'checksum:Q8_0', 'verify:F16']);
    expect(job.quiet).toEqual([false, true, false]);
    job.step('verify:F16').freeLane();
    expect(job.at()).toEqual(['bring-home:Q4_K_M', 'checksum:Q8_0', 'verify:F16']);
    await job.step('checksum:Q8_0').end();
    expect(job.at()).toEqual(['bring-home:Q4_K_M', 'verify:F16', 'verify:Q4_K_M']);
    await job.step('verify:Q4_K_M').end(new Error('it broke'));
    expect(job.at()).toEqual(['bring-home:Q4_K_M', 'verify:F16', 'verify:Q8_0']);
    for (let ends = 0; job.at().length > 0 && ends < 20; ends += 1) await job.step(job.at()[0] as StepKey).end();
    await job.ended;
    expect(job.quiet.at(-1)).toBe(false);
  });

  it('begins nothing once it was told to stop, also not for a lane that becomes free', async () => {
    const job = start(stepsOfJob(spec, isTrunk));
    const { freeLane } = job.step('quantize:Q4_K_M');
    job.abort.abort('canceled');
    freeLane();
    await job.ended;
    expect(job.began).toEqual(['quantize:Q4_K_M', 'checksum:F16']);
    expect(job.failures).toEqual([]);
  });

  it('ends for random jobs and orders of ending, every step begun once and after all that it needs', async () => {
    const random = seededRandom(7);
    for (let turn = 0; turn < 60; turn += 1) {
      const outputs = QUANTIZATION_TYPES.filter(() => random() < 0.1).concat('Q8_0');
      const steps = stepsOfJob({ baseType: 'auto', outputs: [...new Set(outputs)], bringHome: true });
      const job = start(steps);
      const done = new Set<StepKey>();
      while (job.at().length > 0) {
        for (const key of job.at())
          expect(steps.find((step) => step.key === key)?.after.every((need) => done.has(need))).toBe(true);
        const key = job.at()[Math.floor(random() * job.at().length)] as StepKey;
        if (random() < 0.3) job.step(key).freeLane();
        done.add(key);
        await job.step(key).end();
      }
      await job.ended;
      expect(done.size).toBe(steps.length);
      expect(job.began).toHaveLength(steps.length);
    }
  });
});
