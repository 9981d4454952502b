import { FailureError, toFailure } from '../domain/failure';
import type { InstanceView } from '../domain/instance';
import type { RentalSummary } from '../domain/rental-summary';
import type { JobDetail, JobSummary } from '../domain/views';
import type { ClientRequest } from './client-events';
import type { LogWindow } from './events';
import type { LiveHub, LiveMessage } from './hub';
import { INSTANCES_TOPIC, JOBS_TOPIC, jobTopic, RENTALS_TOPIC } from './live-publisher';
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
  findRentalSummary(): Promise<RentalSummary>;
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
  'rentals:watch'(): Promise<RentalSummary>;
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
  const topics = new TopicWatches(connection, hub);
  const logs = new LogWatches(connection, batcher, sources);
  return {
    async 'job:watch'({ jobId, afterSequence }) {
      topics.follow(jobTopic(jobId));
      const job = await sources.findJob(jobId);
      if (!job) {
        topics.unfollow(jobTopic(jobId));
        throw new FailureError('not-found', 'There is no such job.');
      }
      return job.sequence > afterSequence ? job : null;
    },
    'job:unwatch': ({ jobId }) => topics.unfollow(jobTopic(jobId)),
    async 'jobs:watch'() {
      topics.follow(JOBS_TOPIC);
      return [...(await sources.listJobs())];
    },
    async 'instances:watch'() {
      topics.follow(INSTANCES_TOPIC);
      return [...(await sources.listInstances())];
    },
    'rentals:watch'() {
      topics.follow(RENTALS_TOPIC);
      return sources.findRentalSummary();
    },
    'log:watch': (request) => logs.follow(request),
    'log:unwatch': ({ stepId }) => logs.unfollow(stepId),
    stopAll() {
      topics.stopAll();
      logs.stopAll();
    },
  };
}

/** What one connection hears of the hub. */
class TopicWatches {
  readonly #connection: LiveConnection;
  readonly #hub: LiveHub;
  readonly #stops = new Map<string, () => void>();

  constructor(connection: LiveConnection, hub: LiveHub) {
    this.#connection = connection;
    this.#hub = hub;
  }

  follow(topic: string): void {
    if (this.#stops.has(topic)) return;
    refuseAbove(this.#stops.size);
    this.#stops.set(
      topic,
      this.#hub.subscribe(topic, (message) => this.#connection.send(message)),
    );
  }

  unfollow(topic: string): void {
    this.#stops.get(topic)?.();
    this.#stops.delete(topic);
  }

  stopAll(): void {
    for (const topic of [...this.#stops.keys()]) this.unfollow(topic);
  }
}

/** The logs that one connection reads along, at most one watch for each step. */
class LogWatches {
  readonly #connection: LiveConnection;
  readonly #batcher: LogBatcher;
  readonly #sources: WatchSources;
  readonly #subscriptions = new Map<string, LogSubscription>();

  constructor(connection: LiveConnection, batcher: LogBatcher, sources: WatchSources) {
    this.#connection = connection;
    this.#batcher = batcher;
    this.#sources = sources;
  }

  /** Answers with the first window; the bytes after it follow by themselves. */
  async follow({ jobId, stepId, offset }: ClientRequest<'log:watch'>): Promise<LogWindow> {
    this.unfollow(stepId);
    refuseAbove(this.#subscriptions.size);
    const subscription = this.#batcher.watch(stepId, {
      load: () => this.#connection.load(),
      send: (window) => this.#connection.sendLog({ stepId, ...window }),
    });
    this.#subscriptions.set(stepId, subscription);
    try {
      const window = await readFirstWindow(this.#sources, jobId, stepId, offset);
      // The answer to this request leaves first: it is written before any timer of the batcher can fire.
      subscription.start(window.offset + window.bytes.byteLength);
      return window;
    } catch (error) {
      if (this.#subscriptions.get(stepId) === subscription) this.unfollow(stepId);
      else subscription.stop();
      throw error;
    }
  }

  unfollow(stepId: string): void {
    this.#subscriptions.get(stepId)?.stop();
    this.#subscriptions.delete(stepId);
  }

  stopAll(): void {
    for (const stepId of [...this.#subscriptions.keys()]) this.unfollow(stepId);
  }
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
