import { FailureError, toFailure } from '../domain/failure';
import type { InstanceView } from '../domain/instance';
import type { JobDetail, JobSummary } from '../domain/views';
import type { ClientRequest } from './client-events';
import type { LogWindow } from './events';
import type { LiveHub, LiveMessage } from './hub';
import { INSTANCES_TOPIC, JOBS_TOPIC, jobTopic } from './live-publisher';
import type { LogBatcher, LogSubscription, SocketLoad } from './log-batcher';

/** What handlers need of a client; the gateway makes it from a socket. */
export interface LiveConnection {
  load(): SocketLoad;
  /** Sends now, or keeps the newest of each key until the socket has caught up. */
  send(message: LiveMessage): void;
  sendLog(window: LogWindow): void;
}

export interface WatchSources {
  findJob(jobId: string): Promise<JobDetail | null>;
  listJobs(): Promise<readonly JobSummary[]>;
  listInstances(): Promise<readonly InstanceView[]>;
  /**
   * Bytes of a step's log from `offset` on (not negative; past the end gives none), and the log's whole length. Null
   * when the job has no such step. `maxBytes` may be 0.
   */
  readLog(
    jobId: string,
    stepId: string,
    offset: number,
    maxBytes: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly length: number } | null>;
}

export interface WatchHandlers {
  'job:watch'(request: ClientRequest<'job:watch'>): Promise<JobDetail | null>;
  'job:unwatch'(request: ClientRequest<'job:unwatch'>): void;
  'jobs:watch'(): Promise<JobSummary[]>;
  'instances:watch'(): Promise<InstanceView[]>;
  'log:watch'(request: ClientRequest<'log:watch'>): Promise<LogWindow>;
  'log:unwatch'(request: ClientRequest<'log:unwatch'>): void;
  /** Ends every watch of this connection. */
  stopAll(): void;
}

/** The first window of a log at most: what a page shows before anybody scrolls. */
const FIRST_WINDOW_BYTES = 256 * 1024;
const MAX_WATCHES = 64;

/** The handlers of one connection: subscribe first, then read, so that nothing falls between the two. */
export function createWatchHandlers(
  connection: LiveConnection,
  dependencies: { readonly hub: LiveHub; readonly batcher: LogBatcher; readonly sources: WatchSources },
): WatchHandlers {
  const { hub, batcher, sources } = dependencies;
  const topics = new Map<string, () => void>();
  const logs = new Map<string, LogSubscription>();

  function follow(topic: string): void {
    if (topics.has(topic)) return;
    refuseAbove(topics.size);
    topics.set(
      topic,
      hub.subscribe(topic, (message) => connection.send(message)),
    );
  }

  function unfollow(topic: string): void {
    topics.get(topic)?.();
    topics.delete(topic);
  }

  function unfollowLog(stepId: string): void {
    logs.get(stepId)?.stop();
    logs.delete(stepId);
  }

  return {
    async 'job:watch'({ jobId, afterSequence }) {
      follow(jobTopic(jobId));
      const job = await sources.findJob(jobId);
      if (!job) {
        unfollow(jobTopic(jobId));
        throw new FailureError('not-found', 'There is no such job.');
      }
      return job.sequence > afterSequence ? job : null;
    },
    'job:unwatch': ({ jobId }) => unfollow(jobTopic(jobId)),
    async 'jobs:watch'() {
      follow(JOBS_TOPIC);
      return [...(await sources.listJobs())];
    },
    async 'instances:watch'() {
      follow(INSTANCES_TOPIC);
      return [...(await sources.listInstances())];
    },
    async 'log:watch'({ jobId, stepId, offset }) {
      unfollowLog(stepId);
      refuseAbove(logs.size);
      const subscription = batcher.watch(stepId, {
        load: () => connection.load(),
        send: (window) => connection.sendLog({ stepId, ...window }),
      });
      logs.set(stepId, subscription);
      try {
        const window = await readFirstWindow(sources, jobId, stepId, offset);
        // The answer to this request leaves first: it is written before any timer of the batcher can fire.
        subscription.start(window.offset + window.bytes.byteLength);
        return window;
      } catch (error) {
        if (logs.get(stepId) === subscription) unfollowLog(stepId);
        else subscription.stop();
        throw error;
      }
    },
    'log:unwatch': ({ stepId }) => unfollowLog(stepId),
    stopAll() {
      for (const topic of [...topics.keys()]) unfollow(topic);
      for (const stepId of [...logs.keys()]) unfollowLog(stepId);
    },
  };
}

function refuseAbove(count: number): void {
  if (count < MAX_WATCHES) return;
  throw new FailureError('rate-limited', `This page watches ${count} things already.`, { remedy: 'Reload the page.' });
}

/** From `offset` on if that is near the end, else the newest bytes; the window's own offset says which. */
async function readFirstWindow(
  sources: WatchSources,
  jobId: string,
  stepId: string,
  offset: number,
): Promise<LogWindow> {
  const known = await sources.readLog(jobId, stepId, 0, 0);
  if (!known) throw new FailureError('not-found', 'There is no such step.');
  const wanted = offset < 0 ? known.length + offset : offset;
  const from = Math.min(known.length, Math.max(0, wanted, known.length - FIRST_WINDOW_BYTES));
  const read = await sources.readLog(jobId, stepId, from, FIRST_WINDOW_BYTES);
  if (!read) throw new FailureError('not-found', 'There is no such step.');
  return { stepId, offset: from, bytes: read.bytes, length: Math.max(read.length, from + read.bytes.byteLength) };
}

/** What a refused request is answered with: the closed code and words, nothing of the inside. */
export function toAckError(error: unknown): { ok: false; code: string; message: string } {
  const { code, message } = toFailure(error);
  return { ok: false, code, message };
}
