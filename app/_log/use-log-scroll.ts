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
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 480 });
  const [isFollowing, setIsFollowing] = useState(true);
  const [target, setTarget] = useState<number | null>(null);
  const following = useRef(true);
  const pendingTarget = useRef<number | null>(null);
  const firstOffset = useRef<number | null>(null);
  const { snapshot } = log;

  const follow = useCallback(
    (next: boolean) => {
      following.current = next;
      setIsFollowing(next);
      log.setFollowing(next);
    },
    [log.setFollowing],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the lines changed, and only then
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (pendingTarget.current !== null && !snapshot.isLoading) {
      const index = lineIndexAt(lines, pendingTarget.current);
      setTarget(lines[index]?.offset ?? null);
      pendingTarget.current = null;
      element.scrollTop = index * ROW_HEIGHT - element.clientHeight / 3;
    } else if (following.current) {
      element.scrollTop = element.scrollHeight;
    } else {
      const before = firstOffset.current;
      const added = before === null ? 0 : lines.findIndex((line) => line.offset === before);
      if (added > 0) element.scrollTop += added * ROW_HEIGHT;
    }
    firstOffset.current = lines[0]?.offset ?? null;
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, [lines]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight;
      setView({ top: element.scrollTop, height: element.clientHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    setView({ top: element.scrollTop, height: element.clientHeight });
    const toEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
    const atEnd = toEnd < END_SLACK_PX && snapshot.isAtEnd;
    if (atEnd !== following.current) follow(atEnd);
    if (snapshot.isLoading || pendingTarget.current !== null) return;
    if (!atEnd && element.scrollTop < NEAR_EDGE_PX && snapshot.startOffset > 0) void log.loadEarlier();
    if (toEnd < NEAR_EDGE_PX && !snapshot.isAtEnd) void log.loadLater();
  };

  const jumpToLatest = () => {
    pendingTarget.current = null;
    setTarget(null);
    follow(true);
    void log.jumpToLatest();
  };

  const jumpTo = (offset: number) => {
    follow(false);
    pendingTarget.current = offset;
    void log.showAround(offset);
  };

  const from = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - OVERSCAN_ROWS);
  const to = Math.min(lines.length, Math.ceil((view.top + view.height) / ROW_HEIGHT) + OVERSCAN_ROWS);
  return { box, isFollowing, from, to, target, onScroll, jumpToLatest, jumpTo };
}
