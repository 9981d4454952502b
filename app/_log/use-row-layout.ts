'use client';
import { type RefObject, useLayoutEffect, useMemo, useState } from 'react';
import type { LogLine } from '../_live/log-line';
import { lineIndexAt, ROW_HEIGHT, type RowLayout, uniformRows, wrappedRows } from './row-layout';

/** Beyond this many corrections the old ones are forgotten; they are measured again when they are in view. */
const MAX_MEASURED = 5000;
/** Letters in the piece of text whose width gives the width of one. */
export const PROBE_LETTERS = 100;
/** What a row spends on margins: around its number and after its text. */
const NUMBER_MARGIN_PX = 18;
const MARGIN_PX = 16;
/** A column of numbers that grows with every digit would move the text again and again. */
const LEAST_DIGITS = 4;

const LEAST_COLUMNS = 10;

interface Measured {
  readonly columns: number;
  readonly rows: ReadonlyMap<number, number>;
}

export interface BoxView {
  readonly heightPx: number;
  /** Letters that fit beside the number of a line. */
  readonly columns: number;
  /** Width of CSS that numbers need. */
  readonly numberWidth: string;
}

type ElementRef = RefObject<HTMLElement | null>;

/**
 * The size of the box that scrolls, in pixels and in letters; `probe` is a text of `PROBE_LETTERS` letters in its font.
 * @param highestNumber what the lines' numbers go up to
 */
export function useBoxView(box: ElementRef, probe: ElementRef, highestNumber: number): BoxView {
  const [size, setSize] = useState({ widthPx: 640, heightPx: 480, letterPx: 7.2 });
  useLayoutEffect(() => {
    const measure = () => {
      if (!box.current || !probe.current) return;
      const { clientWidth: widthPx, clientHeight: heightPx } = box.current;
      const letterPx = probe.current.getBoundingClientRect().width / PROBE_LETTERS;
      setSize((last) =>
        last.widthPx === widthPx && last.heightPx === heightPx && last.letterPx === letterPx
          ? last
          : { widthPx, heightPx, letterPx },
      );
    };
    measure();
    // The probe changes its size when the font has been loaded.
    const observer = new ResizeObserver(measure);
    for (const { current } of [box, probe]) if (current) observer.observe(current);
    return () => observer.disconnect();
  }, [box, probe]);
  const digits = Math.max(LEAST_DIGITS, String(highestNumber).length);
  return useMemo(() => {
    const numberPx = Math.ceil(digits * size.letterPx) + NUMBER_MARGIN_PX;
    const fitting = Math.floor((size.widthPx - numberPx - MARGIN_PX) / size.letterPx);
    // A box that is not shown has no width, and its letters neither.
    const columns = Number.isFinite(fitting) ? Math.max(LEAST_COLUMNS, fitting) : LEAST_COLUMNS;
    return { heightPx: size.heightPx, columns, numberWidth: `${numberPx}px` };
  }, [size, digits]);
}

/** Where the lines stand; wrapped ones as the browser has wrapped them, as far as they were in view. */
export function useRowLayout(
  box: ElementRef,
  lines: readonly LogLine[],
  columns: number,
  isWrapped: boolean,
): RowLayout {
  const [measured, setMeasured] = useState<Measured>({ columns, rows: new Map() });
  const layout = useMemo(() => {
    if (!isWrapped) return uniformRows(lines.length);
    return wrappedRows(lines, columns, measured.columns === columns ? measured.rows : new Map());
  }, [lines, columns, isWrapped, measured]);
  // Without dependencies: whatever was drawn may have been wrapped otherwise than reckoned. It ends when nothing differs.
  useLayoutEffect(() => {
    if (!isWrapped || !box.current) return;
    const known = measured.columns === columns ? measured.rows : new Map<number, number>();
    const wrong = wrongRows(box.current, lines, layout);
    if (wrong.length === 0) return;
    setMeasured({ columns, rows: new Map(known.size > MAX_MEASURED ? wrong : [...known, ...wrong]) });
  });
  return layout;
}

/** The rendered lines that take another number of rows than the layout says, by offset. */
function wrongRows(box: HTMLElement, lines: readonly LogLine[], layout: RowLayout): [number, number][] {
  const wrong: [number, number][] = [];
  for (const row of box.querySelectorAll<HTMLElement>('[data-offset]')) {
    const offset = Number(row.dataset['offset']);
    const index = lineIndexAt(lines, offset);
    const rows = Math.round(row.offsetHeight / ROW_HEIGHT);
    const reckoned = (layout.topOf(index + 1) - layout.topOf(index)) / ROW_HEIGHT;
    if (rows > 0 && rows !== reckoned) wrong.push([offset, rows]);
  }
  return wrong;
}
