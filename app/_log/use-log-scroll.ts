'use client';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { LogLine } from '../_live/log-line';
import type { LiveLog } from '../_live/use-log';
import { lineIndexAt, ROW_HEIGHT, type RowLayout } from './row-layout';
import { useBoxView, useRowLayout } from './use-row-layout';

/** Nearer to the end than this counts as "at the end": a fraction of a row must not stop following. */
const END_SLACK_PX = ROW_HEIGHT * 1.5;
const NEAR_EDGE_PX = ROW_HEIGHT * 8;
const OVERSCAN_PX = ROW_HEIGHT * 20;

export interface LogScroll {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly probe: RefObject<HTMLSpanElement | null>;
  readonly layout: RowLayout;
  /** A width of CSS: what the longest number of a line takes. */
  readonly numberWidth: string;
  readonly isFollowing: boolean;
  /** Lines to render: from, up to but not including. */
  readonly from: number;
  readonly to: number;
  /** Offset of the line that was jumped to. */
  readonly target: number | null;
  readonly onScroll: () => void;
  readonly jumpToLatest: () => void;
  readonly jumpTo: (offset: number) => void;
  /** Stays where it is and puts earlier lines in front. */
  readonly readEarlier: () => void;
  /** The line that was jumped to, else the first one that is in view as a whole. */
  readonly lineInView: () => LogLine | undefined;
}

/**
 * Scrolling of a log: whether it follows is read off the scroll position, what was read stays under the eye when lines
 * are added in front or wrapped anew, and coming near an edge reads more.
 */
export function useLogScroll(lines: readonly LogLine[], log: LiveLog, isWrapped: boolean): LogScroll {
  const { snapshot } = log;
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [isFollowing, setIsFollowing] = useState(true);
  const [target, setTarget] = useState<number | null>(null);
  const highestNumber = (lines.at(-1)?.ordinal ?? 0) + (snapshot.lineBase ?? 0);
  const view = useBoxView(box, probe, highestNumber);
  const layout = useRowLayout(box, lines, view.columns, isWrapped);
  const place = usePlace({ box, lines, layout, view, isFollowing, isLoading: snapshot.isLoading, onArrive: setTarget });

  const follow = (next: boolean) => {
    setIsFollowing(next);
    log.setFollowing(next);
  };
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const toEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    const atEnd = toEnd < END_SLACK_PX && snapshot.isAtEnd;
    // While the end is being read it is not there to be scrolled to: that is no wish to stop following.
    if (atEnd !== isFollowing && !snapshot.isLoading) follow(atEnd);
    if (!atEnd) place.remember(element);
    if (snapshot.isLoading || place.isUnderWay()) return;
    if (!atEnd && element.scrollTop < NEAR_EDGE_PX && snapshot.startOffset > 0) void log.loadEarlier();
    if (toEnd < NEAR_EDGE_PX && !snapshot.isAtEnd) void log.loadLater();
  };
  const jumpToLatest = () => {
    place.goTo(null);
    setTarget(null);
    follow(true);
    void log.jumpToLatest();
  };
  const jumpTo = (offset: number) => {
    follow(false);
    place.goTo(offset);
    void log.showAround(offset);
  };
  const readEarlier = () => {
    follow(false);
    if (box.current) place.remember(box.current);
    void log.loadEarlier();
  };
  const lineInView = () => {
    const marked = lines[lineIndexAt(lines, target ?? 0)];
    if (target !== null && marked?.offset === target) return marked;
    return lines[layout.indexAt((box.current?.scrollTop ?? 0) + ROW_HEIGHT - 1)];
  };

  const topPx = isFollowing ? Math.max(0, layout.heightPx - view.heightPx) : place.topPx;
  const from = layout.indexAt(topPx - OVERSCAN_PX);
  const to = Math.min(lines.length, layout.indexAt(topPx + view.heightPx + OVERSCAN_PX) + 1);
  const actions = { onScroll, jumpToLatest, jumpTo, readEarlier, lineInView };
  return { box, probe, layout, numberWidth: view.numberWidth, isFollowing, from, to, target, ...actions };
}

interface PlaceRequest {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly lines: readonly LogLine[];
  readonly layout: RowLayout;
  readonly view: unknown;
  readonly isFollowing: boolean;
  readonly isLoading: boolean;
  readonly onArrive: (offset: number | null) => void;
}

interface Place {
  /** Where the box stands while nothing is followed. */
  readonly topPx: number;
  /** Keeps what is at the top of the box there from now on. */
  readonly remember: (element: HTMLElement) => void;
  /** Scrolls to the line at an offset as soon as it has been read; null forgets that. */
  readonly goTo: (offset: number | null) => void;
  readonly isUnderWay: () => boolean;
}

/** Where the box stands once lines or layout have changed: at the line jumped to, at the end, or where its reader was. */
function usePlace({ box, lines, layout, view, isFollowing, isLoading, onArrive }: PlaceRequest): Place {
  const wanted = useRef<number | null>(null);
  const anchor = useRef({ offset: 0, belowPx: 0 });
  const [topPx, setTopPx] = useState(0);
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
      onArrive(lines[index]?.offset ?? null);
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
    remember,
    goTo: (offset) => {
      wanted.current = offset;
    },
    isUnderWay: () => wanted.current !== null,
  };
}
