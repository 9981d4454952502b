'use client';
import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { LogSession } from './log-session';
import { EMPTY_LOG, type LogSnapshot } from './log-snapshot';
import { liveSocket } from './socket-client';

export interface LiveLog {
  readonly snapshot: LogSnapshot;
  readonly setFollowing: (following: boolean) => void;
  readonly jumpToLatest: () => Promise<void>;
  readonly showAround: (offset: number) => Promise<void>;
  readonly loadEarlier: () => Promise<void>;
  readonly loadLater: () => Promise<void>;
}

const nothing = async () => {};

/** The log of one step, as long as the component is shown. */
export function useLog(jobId: string, stepId: string): LiveLog {
  const [snapshot, setSnapshot] = useState(EMPTY_LOG);
  const session = useRef<LogSession | null>(null);
  useEffect(() => {
    setSnapshot(EMPTY_LOG);
    // React would draw a little later by itself; at once, the session sees what drawing costs and how often it may.
    const current = new LogSession(liveSocket(), { jobId, stepId }, setSnapshot, flushSync);
    session.current = current;
    current.start();
    return () => {
      current.stop();
      session.current = null;
    };
  }, [jobId, stepId]);
  return {
    snapshot,
    setFollowing: (following) => session.current?.setFollowing(following),
    jumpToLatest: () => session.current?.jumpToLatest() ?? nothing(),
    showAround: (offset) => session.current?.showAround(offset) ?? nothing(),
    loadEarlier: () => session.current?.loadEarlier() ?? nothing(),
    loadLater: () => session.current?.loadLater() ?? nothing(),
  };
}
