import { describe, expect, it } from 'vitest';
import {
  artifactFileName,
  combineVerdicts,
  type Verification,
  verdictOf,
  verdictSoFar,
  verdictsOf,
} from '../../lib/domain/artifact';
import { formatBytes, formatSpeed } from '../../lib/domain/bytes';
import { formatDuration, formatEta } from '../../lib/domain/duration';
import { LineTail, MAX_PENDING_CHARACTERS } from '../../lib/domain/line-tail';
import { TransferMeter } from '../../lib/domain/transfer-meter';

describe('bytes and durations', () => {
  it('are written for people', () => {
    expect([0, 1023, 1024, 1.5 * 1024 ** 3, 3 * 1024 ** 4].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.5 GiB',
      '3.0 TiB',
    ]);
    expect(formatSpeed(12.3 * 1024 ** 2)).toBe('12.3 MiB/s');
    expect([850, 4000, 252_000, 3_780_000, 200_000_000].map(formatDuration)).toEqual([
      '850ms',
      '4s',
      '4m 12s',
      '1h 03m',
      '2d 7h',
    ]);
    expect(formatDuration(-5)).toBe('0ms');
  });

  it('estimates are rounded as people say them', () => {
    expect([100, 41_000, 125_000, 725_000].map(formatEta)).toEqual(['5s', '45s', '2m 10s', '13m 00s']);
  });
});

describe('the transfer meter', () => {
  it('knows speed over the last seconds, average, and an ETA once it has seen enough', () => {
    const meter = new TransferMeter(1000, 200, 0);
    expect(meter.update(200, 0, 'fetching', 'a').averageBytesPerSecond).toBeNull();
    expect(meter.update(300, 1000, 'fetching', 'a')).toMatchObject({
      speedBytesPerSecond: 100,
      etaMs: null,
      fraction: 0.3,
    });
    expect(meter.update(400, 2000, 'fetching', 'a')).toMatchObject({ etaMs: 6000, averageBytesPerSecond: 100 });
  });

  it('shows a stall as a falling speed, not as the average', () => {
    const meter = new TransferMeter(10_000, 0, 0);
    meter.update(5000, 5000, 'p', null);
    for (let at = 6000; at <= 14_000; at += 1000) meter.update(5000, at, 'p', null);
    expect(meter.update(5000, 15_000, 'p', null)).toMatchObject({
      speedBytesPerSecond: 0,
      averageBytesPerSecond: expect.closeTo(333, 0),
      etaMs: null,
    });
  });

  it('measures the same with a thousand readings a second', () => {
    const meter = new TransferMeter(20_000, 0, 0);
    for (let at = 1; at <= 5000; at += 1) meter.update(at, at, 'p', null);
    expect(meter.update(5001, 5001, 'p', null).speedBytesPerSecond).toBeCloseTo(1000, 0);
  });

  it('does not invent a fraction or an ETA without a total, and ends an empty transfer at once', () => {
    expect(new TransferMeter(null, 0, 0).update(10, 3000, 'p', null)).toMatchObject({ fraction: null, etaMs: null });
    expect(new TransferMeter(0, 0, 0).update(0, 0, 'p', null)).toMatchObject({
      fraction: 1,
      speedBytesPerSecond: null,
    });
  });
});

const good: Verification = {
  structureOk: true,
  structureProblems: [],
  tensorCount: 10,
  architecture: 'llama',
  loadsOk: true,
  promptTokensPerSecond: 1,
  generationTokensPerSecond: 2,
  sampleText: 'Paris',
  samplePrompt: 'x',
  problem: null,
};

describe('verdicts', () => {
  it('say "works" only with structure, load and text', () => {
    expect(verdictOf(good)).toBe('works');
    expect(verdictOf({ ...good, sampleText: '  ' })).toBe('partly');
    expect(verdictOf({ ...good, sampleText: null, generationTokensPerSecond: null })).toBe('partly');
    expect(verdictOf({ ...good, generationTokensPerSecond: null })).toBe('partly');
    expect(verdictOf({ ...good, loadsOk: false })).toBe('does-not-work');
    expect(verdictOf({ ...good, samplePrompt: null, sampleText: null, generationTokensPerSecond: null })).toBe('works');
    expect(verdictOf({ ...good, loadsOk: null })).toBe('unknown');
    expect(verdictOf(null)).toBe('unknown');
  });

  it('of a job are those of its files together', () => {
    expect(combineVerdicts([])).toBe('unknown');
    expect(combineVerdicts(['works', 'works'])).toBe('works');
    expect(combineVerdicts(['works', 'does-not-work'])).toBe('partly');
    expect(combineVerdicts(['does-not-work', 'unknown'])).toBe('does-not-work');
    expect(verdictsOf(['F16', 'Q8_0'], [{ type: 'Q8_0', verdict: 'works' }])).toEqual(['unknown', 'works']);
    expect(verdictSoFar(['unknown', 'works'])).toBe('unknown');
    expect(verdictSoFar(['does-not-work', 'works'])).toBe('partly');
  });
});

describe('file names', () => {
  it('hold nothing that a shell or a file system minds', () => {
    expect(artifactFileName('SmolLM2-135M', 'Q4_K_M')).toBe('SmolLM2-135M-Q4_K_M.gguf');
    expect(artifactFileName('../a b;$(x)', 'F16')).toBe('a-b-x--F16.gguf');
    expect(artifactFileName('...', 'F16')).toBe('model-F16.gguf');
  });
});

describe('lines of arriving text', () => {
  it('end at line feeds and carriage returns, wherever the chunks are cut', () => {
    const lines = new LineTail();
    expect(lines.push('a\nb')).toEqual(['a']);
    expect(lines.push('c\r10%\r20')).toEqual(['bc', '10%']);
    expect(lines.pending).toBe('20');
  });

  it('keep only the end of a line that never ends', () => {
    const lines = new LineTail();
    lines.push('x'.repeat(3 * MAX_PENDING_CHARACTERS));
    expect(lines.pending.length).toBe(MAX_PENDING_CHARACTERS);
  });
});
