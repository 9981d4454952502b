'use client';
import { useEffect, useState } from 'react';
import type { JobSummary } from '../../lib/domain/views';
import { withJobRow } from './job-events';
import { liveSocket, onEachConnect } from './socket-client';

export interface LiveJobs {
  readonly jobs: readonly JobSummary[];
  /** Jobs that were created since the list was loaded and are not in it. */
  readonly newJobs: readonly JobSummary[];
}

/**
 * Rows of a list of jobs, kept up to date in place; jobs that are new are reported, not inserted.
 *
 * @param belongs an older job that is not in the list counts as new when this says so (a constant: a new function starts
 *   the watch again)
 */
export function useJobs(initial: readonly JobSummary[], belongs?: (job: JobSummary) => boolean): LiveJobs {
  const [jobs, setJobs] = useState(initial);
  const [newJobs, setNewJobs] = useState<readonly JobSummary[]>([]);
  useEffect(() => {
    setJobs(initial);
    setNewJobs([]);
    const newest = initial.reduce((latest, job) => (job.createdAt > latest ? job.createdAt : latest), '');
    const known = new Set(initial.map((job) => job.id));
    const take = (job: JobSummary) => {
      setJobs((rows) => withJobRow(rows, job));
      if (known.has(job.id) || (job.createdAt <= newest && !belongs?.(job))) return;
      setNewJobs((rows) => [...rows.filter((row) => row.id !== job.id), job]);
    };
    const socket = liveSocket();
    socket.on('jobs:updated', take);
    const stop = onEachConnect(socket, () => {
      socket.emit('jobs:watch', {}, (answer) => {
        if (answer.ok) for (const job of answer.data) setJobs((rows) => withJobRow(rows, job));
      });
    });
    return () => {
      stop();
      socket.off('jobs:updated', take);
    };
  }, [initial, belongs]);
  return { jobs, newJobs };
}
