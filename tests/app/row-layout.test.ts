import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../app/_live/ansi';
import { type LogLine, makeLine } from '../../app/_live/log-line';
import { lineIndexAt, ROW_HEIGHT, uniformRows, wrappedRows } from '../../app/_log/row-layout';

/** Lines as a log would have them, each at the byte where it begins. */
function linesOf(...texts: string[]): LogLine[] {
  const encoder = new TextEncoder();
  let offset = 0;
  return texts.map((text, ordinal) => {
    const bytes = encoder.encode(text);
    const { line } = makeLine(bytes, offset, ordinal, PLAIN);
    offset += bytes.length + 1;
    return line;
  });
}

const rowsOf = (lines: readonly LogLine[], columns: number, measured = new Map<number, number>()) => {
  const layout = wrappedRows(lines, columns, measured);
  return lines.map((_, index) => (layout.topOf(index + 1) - layout.topOf(index)) / ROW_HEIGHT);
};

describe('uniformRows', () => {
  it('finds each line by its place, also beyond both ends', () => {
    const layout = uniformRows(1000);
    expect([layout.heightPx, layout.topOf(10)]).toEqual([20_000, 200]);
    expect([-50, 0, 19, 20, 199, 99_999].map((topPx) => layout.indexAt(topPx))).toEqual([0, 0, 0, 1, 9, 999]);
    expect(uniformRows(0).indexAt(100)).toBe(0);
  });
});

describe('wrappedRows', () => {
  it('gives a line as many rows as its columns need, and an empty one a row', () => {
    expect(rowsOf(linesOf('', 'x', 'x'.repeat(10), 'x'.repeat(11), 'x'.repeat(95)), 10)).toEqual([1, 1, 1, 2, 10]);
  });

  it('knows tabs, wide letters and letters without a width', () => {
    expect(rowsOf(linesOf('ab\tcd', '日本語の字', 'e\u0301'.repeat(10), '🎉🎉🎉🎉🎉🎉', '█'.repeat(10)), 10)).toEqual([
      1, 1, 1, 2, 1,
    ]);
    expect(rowsOf(linesOf('\t\tx'), 10)).toEqual([2]);
  });

  it('counts what is seen and not the colours around it', () => {
    expect(rowsOf(linesOf(`\u001b[1;31m${'x'.repeat(6)}\u001b[0m${'y'.repeat(4)}`), 10)).toEqual([1]);
  });

  it('believes what was measured', () => {
    const lines = linesOf('x', 'y', 'z');
    expect(rowsOf(lines, 10, new Map([[2, 3]]))).toEqual([1, 3, 1]);
  });

  it('finds the line at each pixel', () => {
    const lines = linesOf('x'.repeat(25), 'y', 'z'.repeat(15));
    const layout = wrappedRows(lines, 10, new Map());
    expect(layout.heightPx).toBe(6 * ROW_HEIGHT);
    const found = [-10, 0, 59, 60, 79, 80, 119, 500].map((topPx) => layout.indexAt(topPx));
    expect(found).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
    expect(wrappedRows([], 10, new Map()).indexAt(100)).toBe(0);
  });
});

describe('lineIndexAt', () => {
  it('finds the line that holds a byte', () => {
    const lines = linesOf('one', 'two', 'three');
    expect([0, 3, 4, 7, 8, 12, 999].map((offset) => lineIndexAt(lines, offset))).toEqual([0, 0, 1, 1, 2, 2, 2]);
    expect(lineIndexAt([], 5)).toBe(0);
  });
});
