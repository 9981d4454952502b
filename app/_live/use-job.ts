'use client';
import { useEffect, useRef, useState } from 'react';
import type { ArtifactView, JobDetail } from '../../lib/domain/views';
import { newerJob, type StepProgressed, withArtifact, withStepProgress } from './job-events';
import { liveSocket, onEachConnect } from './socket-client';

/**
 * A job, kept up to date. Starts from what the server rendered; after each reconnect it asks for what is newer than the
 * sequence it has.
 */
export function useJob(initial: JobDetail): JobDetail {
  const [job, setJob] = useState(initial);
  const sequence = useRef(initial.sequence);
  // The page may be rendered again (after an action) with a newer state than the socket brought.
  useEffect(() => setJob((current) => newerJob(current, initial)), [initial]);
  useEffect(() => {
    sequence.current = job.sequence;
  }, [job.sequence]);

  useEffect(() => {
    const socket = liveSocket();
    const jobId = initial.id;
    const take = (next: JobDetail) => setJob((current) => newerJob(current, next));
    const progressed = (event: StepProgressed) => setJob((current) => withStepProgress(current, event));
    const artifact = (next: ArtifactView) => setJob((current) => withArtifact(current, next));
    socket.on('job:updated', take);
    socket.on('step:progressed', progressed);
    socket.on('artifact:updated', artifact);
    const stop = onEachConnect(socket, () => {
      socket.emit('job:watch', { jobId, afterSequence: sequence.current }, (answer) => {
        if (answer.ok && answer.data) take(answer.data);
      });
    });
    return () => {
      stop();
      socket.off('job:updated', take);
      socket.off('step:progressed', progressed);
      socket.off('artifact:updated', artifact);
      socket.emit('job:unwatch', { jobId });
    };
  }, [initial.id]);
  return job;
}
