'use client';
import { useEffect, useState } from 'react';
import type { HostSample } from '../../lib/domain/sample';
import { DrawSchedule } from './draw-schedule';
import { appendSample, mergeSamples } from './sample-series';
import { liveSocket, onEachConnect } from './socket-client';

/** Ten minutes of seconds in full; older ones get sparser. */
const MAX_SAMPLES = 1200;
const HISTORY_POINTS = 600;

export interface LiveSamples {
  readonly samples: readonly HostSample[];
  readonly state: 'loading' | 'ready' | 'failed';
}

/** Readings of a job's host: history first, then live. After a reconnect the missing part is read again. */
export function useSamples(jobId: string): LiveSamples {
  const [live, setLive] = useState<LiveSamples>({ samples: [], state: 'loading' });
  useEffect(() => {
    const abort = new AbortController();
    // A hidden tab goes on collecting, and draws once when it is looked at again.
    let current: LiveSamples = { samples: [], state: 'loading' };
    const drawing = new DrawSchedule(() => setLive(current));
    const change = (next: LiveSamples) => {
      current = next;
      drawing.request();
    };
    const load = async () => {
      try {
        const history = await fetchHistory(jobId, abort.signal);
        change({ samples: mergeSamples(history, current.samples), state: 'ready' });
      } catch (error) {
        if (abort.signal.aborted) return;
        console.warn('samples could not be loaded', error);
        change({ ...current, state: current.samples.length > 0 ? 'ready' : 'failed' });
      }
    };
    const take = (event: { jobId: string; sample: HostSample }) => {
      if (event.jobId !== jobId) return;
      change({ ...current, samples: appendSample(current.samples, event.sample, MAX_SAMPLES) });
    };
    const socket = liveSocket();
    socket.on('host:sampled', take);
    if (!socket.connected) void load();
    const stop = onEachConnect(socket, () => void load());
    return () => {
      abort.abort();
      drawing.stop();
      stop();
      socket.off('host:sampled', take);
    };
  }, [jobId]);
  return live;
}

async function fetchHistory(jobId: string, signal: AbortSignal): Promise<readonly HostSample[]> {
  const response = await fetch(`/api/v1/jobs/${encodeURIComponent(jobId)}/samples?points=${HISTORY_POINTS}`, {
    signal,
  });
  if (!response.ok) throw new Error(`samples: HTTP ${response.status}`);
  const body = (await response.json()) as { readonly samples: readonly HostSample[] };
  return body.samples;
}
