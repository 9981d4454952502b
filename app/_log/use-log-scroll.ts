'use client';
import { type RefObject, type UIEvent, useRef, useState } from 'react';
import type { LogLine } from '../_live/log-line';
import type { LiveLog } from '../_live/use-log';
import { lineIndexAt, linesBetween, ROW_HEIGHT, type RowLayout } from './row-layout';
import { type LogPlace, useLogPlace } from './use-log-place';
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
  readonly onScroll: (event: UIEvent<HTMLElement>) => void;
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
  const highestNumber = (lines.at(-1)?.ordinal ?? 0) + (snapshot.lineBase ?? 0);
  const view = useBoxView(box, probe, highestNumber);
  const layout = useRowLayout(box, lines, view.columns, isWrapped);
  const place = useLogPlace({ box, lines, layout, view, isFollowing, isLoading: snapshot.isLoading });
  const follow = (next: boolean) => {
    setIsFollowing(next);
    log.setFollowing(next);
  };
  const topPx = isFollowing ? Math.max(0, layout.heightPx - view.heightPx) : place.topPx;
  return {
    box,
    probe,
    layout,
    numberWidth: view.numberWidth,
    isFollowing,
    ...linesBetween(layout, lines.length, topPx - OVERSCAN_PX, topPx + view.heightPx + OVERSCAN_PX),
    target: place.target,
    onScroll: ({ currentTarget }) => scrolled(currentTarget, { log, place, isFollowing, follow }),
    jumpToLatest: () => {
      place.goTo(null);
      follow(true);
      void log.jumpToLatest();
    },
    jumpTo: (offset) => {
      follow(false);
      place.goTo(offset);
      void log.showAround(offset);
    },
    readEarlier: () => {
      follow(false);
      if (box.current) place.remember(box.current);
      void log.loadEarlier();
    },
    lineInView: () => {
      const marked = lines[lineIndexAt(lines, place.target ?? 0)];
      if (marked?.offset === place.target) return marked;
      return lines[layout.indexAt((box.current?.scrollTop ?? 0) + ROW_HEIGHT - 1)];
    },
  };
}

interface Scrolling {
  readonly log: LiveLog;
  readonly place: LogPlace;
  readonly isFollowing: boolean;
  readonly follow: (next: boolean) => void;
}

/** What a new scroll position means: to follow or not, and near an edge to read more. */
function scrolled(box: HTMLElement, { log, place, isFollowing, follow }: Scrolling): void {
  const { isAtEnd, isLoading, startOffset } = log.snapshot;
  const toEnd = box.scrollHeight - box.scrollTop - box.clientHeight;
  const atEnd = toEnd < END_SLACK_PX && isAtEnd;
  // While the end is being read it is not there to be scrolled to: that is no wish to stop following.
  if (atEnd !== isFollowing && !isLoading) follow(atEnd);
  if (!atEnd) place.remember(box);
  if (isLoading || place.isUnderWay()) return;
  if (!atEnd && box.scrollTop < NEAR_EDGE_PX && startOffset > 0) void log.loadEarlier();
  if (toEnd < NEAR_EDGE_PX && !isAtEnd) void log.loadLater();
}
