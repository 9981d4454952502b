import type { LogLine } from '../_live/log-line';

/** Height of a row of text: what makes a list of any length cheap. */
export const ROW_HEIGHT = 20;
const TAB_COLUMNS = 8;
/** Neither a tab nor beyond the Latin letters: one column each. */
const UNUSUAL = /[^ -\u02ff]/;
/** Korean, Chinese and Japanese, full-width forms, emoji: about two columns each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]/u;

/** Where each line of a list stands. */
export interface RowLayout {
  readonly heightPx: number;
  /** Distance of a line from the top of the list; `index` may be the count of lines, which gives the end. */
  topOf(index: number): number;
  /** The line at a distance from the top; 0 when there are none. */
  indexAt(topPx: number): number;
}

/** Every line is one row, however long it is. */
export function uniformRows(count: number): RowLayout {
  const last = Math.max(0, count - 1);
  return {
    heightPx: count * ROW_HEIGHT,
    topOf: (index) => index * ROW_HEIGHT,
    indexAt: (topPx) => Math.min(last, Math.max(0, Math.floor(topPx / ROW_HEIGHT))),
  };
}

/**
 * Lines that are wrapped after so many columns. Their rows are reckoned from their text; where the browser made another
 * number of them (letters of an unusual width), `measuredRows` says so by the line's offset.
 */
export function wrappedRows(
  lines: readonly LogLine[],
  columns: number,
  measuredRows: ReadonlyMap<number, number>,
): RowLayout {
  const tops = new Float64Array(lines.length + 1);
  lines.forEach((line, index) => {
    const rows = measuredRows.get(line.offset) ?? Math.max(1, Math.ceil(columnsOf(line) / columns));
    tops[index + 1] = (tops[index] ?? 0) + rows * ROW_HEIGHT;
  });
  const topOf = (index: number) => tops[Math.min(lines.length, Math.max(0, index))] ?? 0;
  return {
    heightPx: topOf(lines.length),
    topOf,
    indexAt(topPx) {
      let low = 0;
      let high = Math.max(0, lines.length - 1);
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (topOf(middle) <= topPx) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

/** The lines between two distances from the top: from, up to but not including. */
export function linesBetween(layout: RowLayout, count: number, topPx: number, bottomPx: number) {
  return { from: layout.indexAt(topPx), to: Math.min(count, layout.indexAt(bottomPx) + 1) };
}

/** Index of the last line that begins at or before a byte; 0 when there is none. */
export function lineIndexAt(lines: readonly LogLine[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

const columnsOfLines = new WeakMap<LogLine, number>();

/** How many columns of a terminal a line takes. */
function columnsOf(line: LogLine): number {
  const known = columnsOfLines.get(line);
  if (known !== undefined) return known;
  let columns = 0;
  for (const { text } of line.spans) columns = columnsAfter(text, columns);
  columnsOfLines.set(line, columns);
  return columns;
}

function columnsAfter(text: string, start: number): number {
  if (!UNUSUAL.test(text)) return start + text.length;
  let columns = start;
  for (const character of text) {
    if (character === '\t') columns += TAB_COLUMNS - (columns % TAB_COLUMNS);
    else if (WIDE.test(character)) columns += 2;
    else if (!/\p{M}/u.test(character)) columns += 1;
  }
  return columns;
}
