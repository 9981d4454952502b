import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LineTail, MAX_PENDING_CHARACTERS } from '../../lib/domain/line-tail';
import type { Progress, ProgressParser } from '../../lib/domain/progress';
import { createBenchProgress } from '../../lib/toolchain/bench-result';
import { createConvertProgress } from '../../lib/toolchain/convert-progress';
import { createPrepareProgress } from '../../lib/toolchain/prepare-progress';
import { createQuantizeProgress } from '../../lib/toolchain/quantize-progress';
import { SteadyRate } from '../../lib/toolchain/steady-rate';

const INPUT_BYTES = 29_170_240;

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures/toolchain', name), 'utf8');
}

/** Feeds text in pieces of `size` characters, `stepMs` apart, and returns every progress that was reported. */
function feed(parser: ProgressParser, text: string, size: number, stepMs = 10): Progress[] {
  const seen: Progress[] = [];
  for (let from = 0, atMs = 0; from < text.length; from += size, atMs += stepMs) {
    const progress = parser.push(text.slice(from, from + size), atMs);
    if (progress !== null) seen.push(progress);
  }
  return seen;
}

function expectMonotone(seen: readonly Progress[]): void {
  const fractions = seen.map((progress) => progress.fraction ?? 0);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
}

const REAL_RUNS: [string, () => ProgressParser, string][] = [
  ['prepare', createPrepareProgress, 'prepare-cold.log'],
  ['convert', createConvertProgress, 'convert-bf16.log'],
  ['convert, tensor count known', () => createConvertProgress({ tensorCount: 57 }), 'convert-bf16.log'],
  ['quantize', createQuantizeProgress, 'quantize-q4-k-m.log'],
  ['quantize, size known', () => createQuantizeProgress({ inputBytes: INPUT_BYTES }), 'quantize-q4-k-m.log'],
  ['quantize with imatrix', () => createQuantizeProgress({ inputBytes: INPUT_BYTES }), 'quantize-imatrix.log'],
  ['bench', createBenchProgress, 'bench.jsonl'],
];

describe.each(REAL_RUNS)('%s', (_name, create, file) => {
  it.each([1, 7, 100, 4096, 1_000_000])('reaches the end in pieces of %i characters and never goes back', (size) => {
    const seen = feed(create(), fixture(file), size);
    expect(seen.at(-1)?.fraction).toBe(1);
    expectMonotone(seen);
    for (const progress of seen) {
      expect(progress.fraction).toBeGreaterThanOrEqual(0);
      expect(progress.done ?? 0).toBeLessThanOrEqual(progress.total ?? Infinity);
    }
  });

  it('does not choke on a line of a megabyte or on rubbish', () => {
    const parser = create();
    expect(parser.push('x'.repeat(1_000_000), 0)).toBeNull();
    expect(parser.push('\u0000\n{}\n[ 1/ \nquantdeck-progress: {\n', 1)).toBeNull();
    expect(feed(parser, fixture(file), 100).at(-1)?.fraction).toBe(1);
  });
});

describe('convert', () => {
  it('goes from loading over planning to writing', () => {
    const seen = feed(createConvertProgress({ tensorCount: 57 }), fixture('convert-bf16.log'), 60);
    expect([...new Set(seen.map((progress) => progress.phase))]).toEqual([
      'loading the model',
      'planning tensors',
      'writing the file',
    ]);
    const planned = seen.findLast((progress) => progress.phase === 'planning tensors');
    expect(planned).toMatchObject({ done: 57, total: 57, unit: 'tensors', detail: 'output_norm.weight' });
    expect(planned?.fraction).toBeCloseTo(0.08);
    expect(seen.at(-1)).toMatchObject({ done: 29_200_000, total: 29_200_000, unit: 'bytes', detail: 'tiny-bf16.gguf' });
  });

  it('measures speed and time left once there is evidence', () => {
    const parser = createConvertProgress();
    parser.push('INFO:gguf.gguf_writer:a.gguf: n_tensors = 9, total_size = 20.0G\n', 0);
    const bar = (gigabytes: number) =>
      `\rWriting:  10%|█         | ${gigabytes.toFixed(2)}G/20.0G [00:01<00:09, 1Gbyte/s]`;
    expect(parser.push(bar(1), 1000)).toMatchObject({ etaMs: null, speedBytesPerSecond: null });
    expect(parser.push(bar(2), 2000)?.etaMs).toBeNull();
    parser.push(bar(3), 3000);
    const later = parser.push(bar(5), 5000);
    expect(later).toMatchObject({ done: 5e9, total: 20e9, speedBytesPerSecond: 1e9, etaMs: 15_000 });
    expect(parser.push('', 6000)).toBeNull();
  });

  it('adds up the files of a split output and does not follow the bar of one shard', () => {
    const parser = createConvertProgress();
    parser.push('INFO:gguf.gguf_writer:a-00001-of-00002.gguf: n_tensors = 9, total_size = 1.5G\n', 0);
    const both = parser.push('INFO:gguf.gguf_writer:a-00002-of-00002.gguf: n_tensors = 2, total_size = 500M\n', 1);
    expect(both).toMatchObject({ total: 2e9, detail: 'a-00002-of-00002.gguf' });
    expect(parser.push('\rShard (1/2):  50%|█    | 0.75G/1.50G [00:01<00:01, 1Gbyte/s]\n', 2)).toBeNull();
  });
});

describe('quantize', () => {
  it('weighs tensors by their bytes when the size of the input is known', () => {
    const text = fixture('quantize-q4-k-m.log');
    const half = text.slice(0, text.indexOf('[  20/'));
    const weighed = feed(createQuantizeProgress({ inputBytes: INPUT_BYTES }), half, 1000).at(-1);
    const counted = feed(createQuantizeProgress(), half, 1000).at(-1);
    expect(counted?.fraction).toBeCloseTo(19 / 57);
    const mib = [...half.matchAll(/size = +([\d.]+) MiB/g)].reduce((sum, match) => sum + Number(match[1]), 0);
    expect(weighed?.fraction).toBeCloseTo((mib * 1024 * 1024) / INPUT_BYTES);
  });

  it('names the tensor at work before its line has ended', () => {
    const parser = createQuantizeProgress({ inputBytes: INPUT_BYTES });
    const piece =
      '[  12/  57] blk.1.ffn_up.weight                  - [   512,   1024,      1,      1], type =   bf16, ';
    expect(parser.push(piece, 0)).toMatchObject({
      detail: 'blk.1.ffn_up.weight',
      done: 11,
      total: 57,
      unit: 'tensors',
    });
    expect(parser.push('converting to q4_K .. ', 5)).toBeNull();
    const sized = parser.push('size =     1.00 MiB ->     0.28 MiB\n', 9);
    expect(sized?.fraction).toBeCloseTo(1_048_576 / INPUT_BYTES);
  });

  it('counts the tensors whose line an imatrix note has torn apart', () => {
    const seen = feed(createQuantizeProgress({ inputBytes: INPUT_BYTES }), fixture('quantize-imatrix.log'), 50);
    const beforeEnd = seen.findLast((progress) => progress.fraction !== 1);
    expect(beforeEnd?.fraction).toBeGreaterThan(0.99);
  });
});

describe('SteadyRate', () => {
  it('looks back half a minute only', () => {
    const rate = new SteadyRate();
    for (let second = 0; second <= 90; second += 1)
      rate.add(second * 1000, second <= 30 ? second * 100 : 3000 + (second - 30) * 10);
    expect(rate.perSecond()).toBeCloseTo(10);
  });

  it('starts over when the amount falls', () => {
    const rate = new SteadyRate();
    for (let second = 0; second < 10; second += 1) rate.add(second * 1000, second * 50);
    rate.add(11_000, 0);
    expect(rate.perSecond()).toBeNull();
    expect(rate.etaMs(100)).toBeNull();
  });

  it('stays small however often it is fed', () => {
    const rate = new SteadyRate();
    for (let reading = 0; reading < 100_000; reading += 1) rate.add(reading, reading);
    expect(rate.perSecond()).toBeNull(); // 256 readings in a quarter of a second are no evidence
  });
});

it('LineTail keeps the end of an endless line', () => {
  const lines = new LineTail();
  for (let piece = 0; piece < 40; piece += 1) lines.push('y'.repeat(10_000));
  expect(lines.pending).toHaveLength(MAX_PENDING_CHARACTERS);
  expect(lines.push('end\nnext')).toEqual([`${'y'.repeat(MAX_PENDING_CHARACTERS - 3)}end`]);
  expect(lines.pending).toBe('next');
});
