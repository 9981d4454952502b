import { describe, expect, it } from 'vitest';
import { markerProgress } from '../../lib/pipeline/marker-line';
import { SignsOfLife } from '../../lib/pipeline/signs-of-life';
import { explainGauges } from '../../lib/telemetry/gauge-explainer';
import { steadySamples } from '../support/steady-samples';

const MINUTE_MS = 60_000;

const IDLE = steadySamples({ cpuPercent: 1, corePercents: [1, 1] });

/** What the fetch program prints in a second. */
const lineOf = (done: number, speed: number) =>
  `quantdeck-progress: ${JSON.stringify({ phase: 'fetching', done, total: 1000, unit: 'bytes', speedBytesPerSecond: speed, averageBytesPerSecond: 5, detail: 'model.safetensors' })}\n`;

function watched() {
  let nowMs = 0;
  const signs = new SignsOfLife({ monotonicMs: () => nowMs });
  const parser = markerProgress();
  return {
    /** Prints this, cut in two, then a second goes by. */
    print: (text: string) => {
      for (const part of [text.slice(0, 9), text.slice(9)]) signs.sawOutput(Buffer.from(part));
      const progress = parser.push(text, nowMs);
      if (progress) signs.sawProgress(progress);
      nowMs += 1000;
      return progress;
    },
    quietMs: () => nowMs - signs.lastMs,
    says: (progress: ReturnType<typeof parser.push>) =>
      explainGauges({ stepKind: 'fetch-model', samples: IDLE, progress, quietMs: nowMs - signs.lastMs, isAlone: true }),
  };
}

describe('a step that is followed', () => {
  it('is called stuck when its download stands still, although it says so every second', () => {
    const step = watched();
    step.print(lineOf(100, 50));
    let last = null;
    for (let second = 0; second < 200; second += 1) last = step.print(lineOf(100, 50 / (second + 1)));
    expect(step.quietMs()).toBeGreaterThan(3 * MINUTE_MS);
    expect(step.says(last)).toBe(
      'No new output for 3 minutes and the host is idle: probably stuck on model.safetensors.',
    );
    last = step.print(lineOf(101, 0.1));
    expect(step.quietMs()).toBe(1000);
    expect(step.says(last)).not.toContain('stuck');
  });

  it('is heard of by every other output: a line, a part of one, a line among those of progress', () => {
    const step = watched();
    step.print(lineOf(100, 50));
    for (const text of ['going on with model.safetensors\n', 'Loading 10 %', '.', '\n']) {
      for (let second = 0; second < 5; second += 1) step.print(lineOf(100, 50));
      expect(step.quietMs()).toBeGreaterThanOrEqual(5000);
      step.print(text);
      expect([text, step.quietMs()]).toEqual([text, text === '\n' ? 7000 : 1000]);
      step.print('\n');
    }
    step.print(`${lineOf(100, 50)}a hash is checked\n${lineOf(100, 50)}`);
    expect(step.quietMs()).toBe(1000);
  });
});
