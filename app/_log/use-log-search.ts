'use client';
import { useEffect, useRef, useState } from 'react';
import { findFirstError, type LogMatch, searchLog } from '../_live/log-http';

export interface LogSearch {
  readonly query: string;
  readonly setQuery: (query: string) => void;
  /** Null before the first answer. */
  readonly matches: readonly LogMatch[] | null;
  readonly isTruncated: boolean;
  readonly isSearching: boolean;
  readonly problem: string | null;
  readonly firstError: () => Promise<LogMatch | null>;
}

const TYPING_PAUSE_MS = 250;

/** Searches the whole log on the server while somebody types; an answer that was overtaken is thrown away. */
export function useLogSearch(url: string): LogSearch {
  const [query, setQuery] = useState('');
  const [answer, setAnswer] = useState<{ matches: readonly LogMatch[]; truncated: boolean } | null>(null);
  const [isSearching, setIsSearching] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const firstError = useFirstError(url, setProblem);

  useEffect(() => {
    setProblem(null);
    setAnswer(null);
    if (query.trim() === '') return;
    const abort = new AbortController();
    setIsSearching(true);
    const timer = setTimeout(async () => {
      try {
        setAnswer(await searchLog(url, query, abort.signal));
      } catch (error) {
        if (!abort.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
      } finally {
        if (!abort.signal.aborted) setIsSearching(false);
      }
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
      setIsSearching(false);
    };
  }, [query, url]);

  return {
    query,
    setQuery,
    matches: answer?.matches ?? null,
    isTruncated: answer?.truncated ?? false,
    isSearching,
    problem,
    firstError,
  };
}

function useFirstError(url: string, setProblem: (problem: string | null) => void): LogSearch['firstError'] {
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  return async () => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setProblem(null);
    try {
      const match = await findFirstError(url, abort.signal);
      if (!match) setProblem('No line looks like an error.');
      return match;
    } catch (error) {
      if (!abort.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
}
