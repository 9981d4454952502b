import type { Verification } from '../domain/artifact';
import type { ConversionSpec } from '../domain/conversion-spec';
import type { Failure } from '../domain/failure';
import type { HostFacts } from '../domain/instance';
import type { Progress, ProgressParser } from '../domain/progress';
import type { QuantizationType } from '../domain/quantization-types';
import type { HostSample } from '../domain/sample';
import type { JobStatus, StepStatus } from '../domain/status';
import type { StepKey, StepKind } from '../domain/step-key';
import type { InspectionView, ToolchainView } from '../domain/views';

/*
 * All that the pipeline needs of the world. Adapters satisfy these by shape; `lib/server/compose.ts` is where the
 * compiler checks it. Every method may throw a FailureError.
 */

// ---------------------------------------------------------------------------------------------- the host, over SSH

export interface ExecResult {
  /** Null when the command was ended by a signal. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export type AttemptState =
  | 'absent' // nothing of this id on the host
  | 'new' // uploaded, never started
  | 'claimed' // start lock taken, supervisor not seen yet
  | 'running'
  | 'exited'
  | 'orphaned' // supervisor dead, work alive
  | 'lost' // dead without an exit code: the step's check() decides
  | 'rebooted'; // the host or its container restarted: nothing of it can be alive

export interface AttemptStatus {
  readonly state: AttemptState;
  readonly exitCode: number | null;
  /** Bytes of log when it ended, null while running. */
  readonly logEnd: number | null;
  /** Bytes of log now. */
  readonly logBytes: number;
  readonly cancelRequested: boolean;
}

export interface AttemptProgram {
  /** `[0-9a-z-]{26,36}`, committed to the database before it is sent. */
  readonly attemptId: string;
  /** POSIX sh, without secrets. */
  readonly script: string;
  /** Secrets and settings: written 0600, sourced and deleted by the child before it starts. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RemoteFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly isFolder: boolean;
}

/** One connection to one instance. All paths are absolute on the host or start with `~/`. */
export interface HostSession {
  readonly instanceId: string;
  /** Absolute home folder on the host; our files live under `<home>/.quantdeck`. */
  readonly homeFolder: string;
  /** Runs a short read-only command. Never throws for an exit code; throws `host-lost` when the connection dies. */
  exec(command: string, options?: { timeoutMs?: number; signal?: AbortSignal; stdin?: string; maxBytes?: number }): Promise<ExecResult>;
  /** Runs a command until the signal aborts or it ends, handing out its standard output as it comes. */
  stream(command: string, onData: (chunk: Uint8Array) => void, signal: AbortSignal): Promise<ExecResult>;
  /** Uploads and starts; called again with the same id it only reports the state. */
  startAttempt(program: AttemptProgram): Promise<AttemptStatus>;
  attemptStatus(attemptId: string): Promise<AttemptStatus>;
  /**
   * Hands out the attempt's log from `offset` on, in order, as it grows. Resolves once the attempt has ended and every
   * byte has been handed out, with the final status; rejects when the connection dies (call again with the new offset).
   * `onData` may return a promise: no more is read until it resolves.
   */
  followAttempt(
    attemptId: string,
    offset: number,
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<AttemptStatus>;
  /** TERM, wait, KILL of the whole process tree. `left` counts what could not be ended. */
  cancelAttempt(attemptId: string, graceMs: number): Promise<{ readonly left: number; readonly status: AttemptStatus }>;
  stat(path: string): Promise<RemoteFile | null>;
  listFolder(path: string): Promise<RemoteFile[]>;
  readRange(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** Writes a small file (temp + rename), mode 0600 unless said otherwise. */
  writeFile(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Streams a byte range of a file with the adaptive transfer engine. Backpressure through `onData`'s promise. */
  download(
    path: string,
    range: { offset: number; length: number },
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Streams bytes into a file on the host from `offset` on (append; used for a folder on the dashboard's machine). */
  upload(path: string, offset: number, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  onClose(listener: () => void): void;
  close(): void;
}

export interface HostConnector {
  /** Connects with the instance's own key or password, host key checked against the pin. */
  connect(instanceId: string, signal?: AbortSignal): Promise<HostSession>;
}

// ---------------------------------------------------------------------------------------------- the ledger (database)

/** Proof of ownership: writes with an old epoch change nothing and throw LeaseLostError. */
export interface Lease {
  readonly jobId: string;
  readonly epoch: number;
}

export interface AttemptRecord {
  readonly id: string;
  readonly number: number;
  readonly kind: 'remote' | 'local';
  readonly logStart: number;
  readonly exitCode: number | null;
  readonly endedAt: Date | null;
}

export interface StepRecord {
  readonly id: string;
  readonly key: StepKey;
  readonly ordinal: number;
  readonly status: StepStatus;
  /** What the step found out, for later steps and for the page. Shape belongs to the step. */
  readonly result: unknown;
  /** The newest attempt, ended or not. */
  readonly attempt: AttemptRecord | null;
}

export interface JobRecord {
  readonly id: string;
  readonly name: string;
  readonly status: JobStatus;
  readonly definitionVersion: number;
  readonly spec: ConversionSpec;
  readonly instanceId: string;
  readonly cancelRequested: boolean;
  /** What the revision resolved to when it was first fetched; a retry must not follow a branch that moved on. */
  readonly commit: string | null;
  readonly steps: readonly StepRecord[];
}

export interface ArtifactRecord {
  readonly id: string;
  readonly type: QuantizationType;
  readonly fileName: string;
  readonly hostPath: string;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  readonly homePath: string | null;
  readonly verification: Verification | null;
}

/** An artifact whose file a person asked to be copied to the dashboard's disk outside of its job. */
export interface BringHomeRequest {
  readonly artifact: ArtifactRecord;
  readonly jobId: string;
  readonly instanceId: string;
}

/** Everything that is true about jobs. Each write is one fenced transaction that also appends to the outbox. */
export interface JobLedger {
  /** The next job that is queued, or running under an expired lease, and whose instance has no other running job. */
  claimNextJob(owner: string, leaseMs: number): Promise<Lease | null>;
  renewLease(lease: Lease, leaseMs: number): Promise<void>;
  /** At start, under the exclusive process lock: no lease of an earlier process can be alive, so all are void. */
  voidLeases(): Promise<void>;
  /** Gives the job back without a change of status (shutdown): the next process claims it at once. */
  releaseLease(lease: Lease): Promise<void>;
  loadJob(jobId: string): Promise<JobRecord>;
  isCancelRequested(jobId: string): Promise<boolean>;
  startJob(lease: Lease): Promise<void>;
  finishJob(lease: Lease, end: { status: 'succeeded' | 'failed' | 'canceled'; failure: Failure | null }): Promise<void>;
  startStep(lease: Lease, stepId: string): Promise<void>;
  finishStep(
    lease: Lease,
    stepId: string,
    end: { status: 'succeeded' | 'failed' | 'canceled' | 'skipped'; failure?: Failure; result?: unknown; skippedReason?: string },
  ): Promise<void>;
  recordProgress(lease: Lease, stepId: string, progress: Progress | null, note: string | null): Promise<void>;
  /** Commits the intent before anything is sent to the host. `logStart` is the step log's length at this moment. */
  createAttempt(lease: Lease, stepId: string, attempt: { id: string; kind: 'remote' | 'local'; command: string; logStart: number }): Promise<AttemptRecord>;
  endAttempt(lease: Lease, attemptId: string, exitCode: number | null): Promise<void>;
  recordSource(lease: Lease, source: { commit: string | null }): Promise<void>;
  recordToolchain(lease: Lease, toolchain: ToolchainView): Promise<void>;
  recordInspection(lease: Lease, inspection: InspectionView, proposedPatch: Record<string, number | string | boolean | null> | null): Promise<void>;
  recordUnreachable(lease: Lease, since: Date | null): Promise<void>;
  /** Creates or updates the artifact of this job and type. */
  recordArtifact(
    lease: Lease,
    artifact: { type: QuantizationType; fileName: string; hostPath: string; sizeBytes?: number; sha256?: string; parameterCount?: number; verification?: Verification },
  ): Promise<ArtifactRecord>;
  recordArtifactHome(lease: Lease | null, artifactId: string, home: { path: string } | { failure: Failure } | { state: 'running' }): Promise<void>;
  listArtifacts(jobId: string): Promise<ArtifactRecord[]>;
  claimBringHome(): Promise<BringHomeRequest | null>;
}

export class LeaseLostError extends Error {
  constructor(jobId: string) {
    super(`the lease of job ${jobId} went to another worker`);
    this.name = 'LeaseLostError';
  }
}

// ---------------------------------------------------------------------------------------------- logs, samples, live

/** A step's log: a file that only grows. Its length is the offset, so bytes and offset cannot disagree after a crash. */
export interface StepLogs {
  length(jobId: string, stepId: string): Promise<number>;
  append(jobId: string, stepId: string, bytes: Uint8Array): Promise<number>;
  /** The last bytes, for the failure explainer. */
  tail(jobId: string, stepId: string, from: number, maxBytes: number): Promise<string>;
}

/** Masks secrets in a byte stream by the same number of bytes, so that offsets stay those of the host's log. */
export interface LogRedactor {
  push(bytes: Uint8Array): Uint8Array;
  /** What was held back because a secret might have begun in it. */
  flush(): Uint8Array;
}

export interface SampleSink {
  append(jobId: string, sample: HostSample): Promise<void>;
}

/** Tells browsers what changed. Best effort: the database is the truth, these only save a reload. */
export interface LivePublisher {
  jobChanged(jobId: string): void;
  logAppended(jobId: string, stepId: string, offset: number, bytes: Uint8Array, length: number): void;
  stepProgressed(jobId: string, stepId: string, progress: Progress | null, note: string | null): void;
  sampled(jobId: string, sample: HostSample): void;
  instanceChanged(instanceId: string): void;
  artifactChanged(artifactId: string): void;
}

// ---------------------------------------------------------------------------------------------- the rest

export interface HubFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** sha256 of the content for LFS files; null for small files kept in git. */
  readonly sha256: string | null;
  /** git blob sha1 of a small file. */
  readonly gitOid: string | null;
  /** Where to fetch it from, at the pinned commit. No token inside. */
  readonly url: string;
}

export interface HubListing {
  readonly repo: string;
  readonly commit: string;
  readonly files: readonly HubFile[];
}

export interface Hub {
  /** Resolves the revision to a commit and lists its files. Throws `model-not-found`, `model-gated`, `hub-unreachable`, … */
  list(repo: string, revision: string): Promise<HubListing>;
  /**
   * The program that fetches these files on the host into `folder`, resuming what is there and checking every hash. The
   * token travels in the environment, never in argv.
   */
  fetchProgram(request: {
    readonly listing: HubListing;
    readonly files: readonly HubFile[];
    readonly folder: string;
    readonly python: string;
  }): Promise<{ script: string; environment: Record<string, string> }>;
  /** Secrets that may appear in output and must be masked. */
  secrets(): readonly string[];
}

export interface Toolchain {
  readonly version: string;
  /** Script plus environment that finds or installs the pinned toolchain on a host. */
  prepare(options: { givenPath: string | null }): Promise<{ script: string; environment: Record<string, string> }>;
  /** A cheap read-only script: exit 0 and a result line when a usable toolchain is there. */
  check(options: { givenPath: string | null }): Promise<{ script: string; environment: Record<string, string> }>;
  parseManifest(output: string): InstalledToolchain | null;
  prepareProgress(): ProgressParser;
  convertProgress(): ProgressParser;
  /** `inputBytes`: size of the GGUF that is read, to weigh tensors by what they cost. */
  quantizeProgress(inputBytes: number | null): ProgressParser;
  imatrixProgress(): ProgressParser;
  /** Text of our own in many styles and languages, for importance matrices. */
  calibrationText(): Promise<string>;
  explain(tool: 'convert' | 'imatrix' | 'quantize' | 'verify', logTail: string, exitCode: number | null): Failure | null;
  supportsArchitecture(architecture: string): boolean;
  /** Tokens per second from llama-bench's JSON lines. */
  parseBench(output: string): { promptTokensPerSecond: number | null; generationTokensPerSecond: number | null } | null;
}

export interface InstalledToolchain {
  readonly view: ToolchainView;
  readonly binFolder: string;
  readonly convertScript: string;
  readonly python: string;
}

export interface InstanceChecks {
  /** The id of an instance whose check a person asked for, now marked as running; null when there is none. */
  claimRequestedCheck(): Promise<string | null>;
  recordCheck(instanceId: string, outcome: { facts: HostFacts } | { failure: Failure }): Promise<void>;
}

/** What an instance is and has, as far as steps need it. */
export interface InstanceDirectory {
  find(instanceId: string): Promise<{ readonly name: string; readonly kind: string; readonly toolchainPath: string | null }>;
}

export interface HostProbe {
  /** Reads cores, memory, disk, GPU and Python of the host. */
  facts(session: HostSession): Promise<HostFacts>;
}

/** Readings of a host while a job runs, and what they mean. */
export interface Telemetry {
  /** A sh loop that prints one reading a second; `diskPath` is a path on the host whose free space counts. */
  samplerScript(diskPath: string): string;
  /** Turns the loop's output into samples. */
  createReader(): { push(chunk: Uint8Array): HostSample[] };
  /** One line that says what the step is bound by, null while there is nothing to say. */
  explain(input: {
    readonly stepKind: StepKind;
    readonly samples: readonly HostSample[];
    readonly progress: Progress | null;
    readonly quietMs: number;
  }): string | null;
}

/** The one place that builds shell strings. */
export interface Shell {
  quote(argument: string): string;
  command(argv: readonly string[]): string;
}

/** Files on the dashboard's own disk. */
export interface ArtifactHome {
  /** Absolute path of an artifact's final file; its folder exists afterwards. */
  pathFor(jobId: string, fileName: string): Promise<string>;
  /** Size of the durable `.part` file; 0 when there is none. */
  partLength(path: string): Promise<number>;
  /** The first bytes of the `.part` file, to hash what an earlier run brought. */
  readPart(path: string, lengthBytes: number): AsyncIterable<Uint8Array>;
  openPart(path: string, offset: number): Promise<ArtifactPart>;
  freeBytes(): Promise<number>;
  fileSha256(path: string, onProgress?: (bytes: number) => void): Promise<{ sha256: string; sizeBytes: number } | null>;
  remove(path: string): Promise<void>;
}

export interface ArtifactPart {
  write(chunk: Uint8Array, offset: number): Promise<void>;
  /** Flushes, renames `.part` to the final name and syncs the folder. */
  complete(): Promise<void>;
  close(): Promise<void>;
}

/** A folder on the dashboard's machine, as a source. */
export interface LocalFolder {
  list(path: string): Promise<{ path: string; sizeBytes: number }[]>;
  read(path: string, offset: number, length: number): AsyncIterable<Uint8Array>;
  sha256(path: string): Promise<string>;
}

export interface Clock {
  now(): Date;
  /** Monotonic milliseconds. */
  monotonicMs(): number;
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, error: unknown, fields?: Record<string, unknown>): void;
}
