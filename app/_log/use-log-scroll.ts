'use client';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogLine } from '../_live/log-line';
import type { LiveLog } from '../_live/use-log';
import { ROW_HEIGHT } from './log-line-row';

/** Nearer to the end than this counts as "at the end": a fraction of a row must not stop following. */
const END_SLACK_PX = ROW_HEIGHT * 1.5;
const NEAR_EDGE_PX = ROW_HEIGHT * 8;
const OVERSCAN_ROWS = 20;

export interface LogScroll {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly isFollowing: boolean;
  /** Rows to render: from, up to but not including. */
  readonly from: number;
  readonly to: number;
  /** Offset of the line that was jumped to. */
  readonly target: number | null;
  readonly onScroll: () => void;
  readonly jumpToLatest: () => void;
  readonly jumpTo: (offset: number) => void;
}

/** Index of the last line that begins at or before a byte. */
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

/**
 * Scrolling of a log: whether it follows is read off the scroll position, what was read stays under the eye when lines
 * are added in front, and coming near an edge reads more.
 */
export function useLogScroll(lines: readonly LogLine[], log: LiveLog): LogScroll {
  const { snapshot } = log;
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const wanted = useRef<number | null>(null);
  const [isFollowing, setIsFollowing] = useState(true);
  const [target, setTarget] = useState<number | null>(null);
  const { view, measure } = useView(box, following);
  usePlace({ box, following, wanted, lines, isLoading: snapshot.isLoading, measure, onArrive: setTarget });

  const follow = (next: boolean) => {
    following.current = next;
    setIsFollowing(next);
    log.setFollowing(next);
  };
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    measure(element);
    const toEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    const atEnd = toEnd < END_SLACK_PX && snapshot.isAtEnd;
    if (atEnd !== following.current) follow(atEnd);
    if (snapshot.isLoading || wanted.current !== null) return;
    if (!atEnd && element.scrollTop < NEAR_EDGE_PX && snapshot.startOffset > 0) void log.loadEarlier();
    if (toEnd < NEAR_EDGE_PX && !snapshot.isAtEnd) void log.loadLater();
  };
  const jumpToLatest = () => {
    wanted.current = null;
    setTarget(null);
    follow(true);
    void log.jumpToLatest();
  };
  const jumpTo = (offset: number) => {
    follow(false);
    wanted.current = offset;
    void log.showAround(offset);
  };

  const from = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - OVERSCAN_ROWS);
  const to = Math.min(lines.length, Math.ceil((view.top + view.height) / ROW_HEIGHT) + OVERSCAN_ROWS);
  return { box, isFollowing, from, to, target, onScroll, jumpToLatest, jumpTo };
}

type Box = RefObject<HTMLDivElement | null>;

/** The visible part of the box in pixels, also after a change of its size; who follows stays at the end. */
function useView(box: Box, following: RefObject<boolean>) {
  const [view, setView] = useState({ top: 0, height: 480 });
  const measure = useCallback((element: HTMLElement) => {
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, []);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight;
      measure(element);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, following, measure]);
  return { view, measure };
}

/** Where the box stands once the lines have changed: at the line jumped to, at the end, or where it was. */
function usePlace(place: {
  readonly box: Box;
  readonly following: RefObject<boolean>;
  /** Offset to jump to as soon as it has been read. */
  readonly wanted: RefObject<number | null>;
  readonly lines: readonly LogLine[];
  readonly isLoading: boolean;
  readonly measure: (element: HTMLElement) => void;
  readonly onArrive: (offset: number | null) => void;
}): void {
  const { box, following, wanted, lines, isLoading, measure, onArrive } = place;
  const firstOffset = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the lines changed, and only then
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (wanted.current !== null && !isLoading) {
      const index = lineIndexAt(lines, wanted.current);
      onArrive(lines[index]?.offset ?? null);
      wanted.current = null;
      element.scrollTop = index * ROW_HEIGHT - element.clientHeight / 3;
    } else if (following.current) {
      element.scrollTop = element.scrollHeight;
    } else {
      const before = firstOffset.current;
      const added = before === null ? 0 : lines.findIndex((line) => line.offset === before);
      if (added > 0) element.scrollTop += added * ROW_HEIGHT;
    }
    firstOffset.current = lines[0]?.offset ?? null;
    measure(element);
  }, [lines]);
}
