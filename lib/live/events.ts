import type { InstanceView } from '../domain/instance';
import type { Progress } from '../domain/progress';
import type { RentalSummary } from '../domain/rental-summary';
import type { HostSample } from '../domain/sample';
import type { ArtifactView, JobDetail, JobSummary } from '../domain/views';

/** The wire contract between the socket gateway and the browser; both ends import this file and nothing else of each other. */
export const SOCKET_PATH = '/ws';

export type Ack<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface LogWindow {
  readonly stepId: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Length of the whole log now. */
  readonly length: number;
}

export interface ServerEvents {
  /** The whole job after a change; `sequence` inside only grows. */
  'job:updated': (job: JobDetail) => void;
  /** For lists: one row changed or is new. */
  'jobs:updated': (job: JobSummary) => void;
  'step:progressed': (event: { jobId: string; stepId: string; progress: Progress | null; note: string | null }) => void;
  /** Bytes at `offset`. When `offset` is past what the client has, it was skipped: fetch the gap over HTTP when looked at. */
  'log:appended': (window: LogWindow) => void;
  'host:sampled': (event: { jobId: string; sample: HostSample }) => void;
  'instance:updated': (instance: InstanceView) => void;
  /** What is rented now, as a whole, after a change of any part of it. */
  'rentals:updated': (summary: RentalSummary) => void;
  'artifact:updated': (artifact: ArtifactView) => void;
  /** The session ended or was revoked: go to the login page. */
  'session:ended': () => void;
}

export interface ClientEvents {
  /** Answers with the job as it is now when its sequence is newer than `afterSequence`, else null; then streams. */
  'job:watch': (
    request: { jobId: string; afterSequence: number },
    ack: (answer: Ack<JobDetail | null>) => void,
  ) => void;
  'job:unwatch': (request: { jobId: string }) => void;
  'jobs:watch': (request: Record<string, never>, ack: (answer: Ack<JobSummary[]>) => void) => void;
  'instances:watch': (request: Record<string, never>, ack: (answer: Ack<InstanceView[]>) => void) => void;
  'rentals:watch': (request: Record<string, never>, ack: (answer: Ack<RentalSummary>) => void) => void;
  /** Follow a step's log from `offset` on; a negative offset means "the last so many bytes". */
  'log:watch': (
    request: { jobId: string; stepId: string; offset: number },
    ack: (answer: Ack<LogWindow>) => void,
  ) => void;
  'log:unwatch': (request: { stepId: string }) => void;
}
