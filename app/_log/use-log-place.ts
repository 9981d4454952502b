'use client';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { LogLine } from '../_live/log-line';
import { lineIndexAt, type RowLayout } from './row-layout';

interface PlaceRequest {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly lines: readonly LogLine[];
  readonly layout: RowLayout;
  readonly view: unknown;
  readonly isFollowing: boolean;
  readonly isLoading: boolean;
}

export interface LogPlace {
  /** Where the box stands while nothing is followed. */
  readonly topPx: number;
  /** Offset of the line that was gone to. */
  readonly target: number | null;
  /** Keeps what is at the top of the box there from now on. */
  readonly remember: (element: HTMLElement) => void;
  /** Scrolls to the line at an offset as soon as it has been read; null forgets it and the one before. */
  readonly goTo: (offset: number | null) => void;
  readonly isUnderWay: () => boolean;
}

/** Where the box stands once lines or layout have changed: at the line jumped to, at the end, or where its reader was. */
export function useLogPlace({ box, lines, layout, view, isFollowing, isLoading }: PlaceRequest): LogPlace {
  const wanted = useRef<number | null>(null);
  const anchor = useRef({ offset: 0, belowPx: 0 });
  const [topPx, setTopPx] = useState(0);
  const [target, setTarget] = useState<number | null>(null);
  const remember = (element: HTMLElement) => {
    const index = layout.indexAt(element.scrollTop);
    anchor.current = { offset: lines[index]?.offset ?? 0, belowPx: element.scrollTop - layout.topOf(index) };
    setTopPx(element.scrollTop);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when there is something else to stand on, and only then
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (wanted.current !== null && !isLoading) {
      const index = lineIndexAt(lines, wanted.current);
      wanted.current = null;
      setTarget(lines[index]?.offset ?? null);
      element.scrollTop = layout.topOf(index) - element.clientHeight / 3;
      remember(element);
    } else if (isFollowing) {
      element.scrollTop = layout.heightPx;
    } else {
      const top = layout.topOf(lineIndexAt(lines, anchor.current.offset)) + anchor.current.belowPx;
      if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
      setTopPx(element.scrollTop);
    }
  }, [lines, layout, view, isFollowing]);
  return {
    topPx,
    target,
    remember,
    goTo: (offset) => {
      wanted.current = offset;
      if (offset === null) setTarget(null);
    },
    isUnderWay: () => wanted.current !== null,
  };
}
