import type { Failure } from '../domain/failure';
import type { HostFacts } from '../domain/instance';
import type { Answers, CheckSource, ModelCheckReport } from '../domain/model-check';
import type { Progress, ProgressParser } from '../domain/progress';
import type { HostSample } from '../domain/sample';
import type { StepKind } from '../domain/step-key';
import type { ToolchainView } from '../domain/views';
import type { ByteRangeReader } from '../model/byte-range-reader';
import type { ConfigEvidence } from '../model/config-evidence';
import type { KnownVocabulary } from '../model/known-vocabulary';
import type { HostSession } from './host-port';

/*
 * What the pipeline needs of everything else in the world. Adapters satisfy it by shape; lib/server/compose.ts is where the compiler checks that.
 * Every method may throw a FailureError.
 */

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
  /** The listed files by byte range: what a model check reads instead of fetching them. */
  reader(listing: HubListing): ByteRangeReader;
  /** Other config.json files: those before this commit, or those of the base models that its card names. */
  evidence(listing: HubListing, origin: 'earlier-revision' | 'base-model'): Promise<ConfigEvidence[]>;
  /** The first base model that its card names and that can be read, as it is now; null when there is none. */
  base(listing: HubListing): Promise<HubListing | null>;
  /** Bytes that its answers had since it was opened. */
  bytesReceived(): number;
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
  explain(
    tool: 'convert' | 'imatrix' | 'quantize' | 'verify',
    logTail: string,
    exitCode: number | null,
  ): Failure | null;
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

/** Checkpoints that a person asked to look at. */
export interface ModelChecks {
  /** Lets those that a dead process left half done begin again. */
  requeue(): Promise<void>;
  /** The oldest one that waits, now marked as running; null when there is none. */
  claim(): Promise<{
    readonly id: string;
    readonly source: CheckSource;
    /** The commit that was looked at before. */
    readonly commit: string | null;
    readonly answers: Answers;
  } | null>;
  record(
    checkId: string,
    outcome: { report: ModelCheckReport; commit: string | null } | { failure: Failure },
  ): Promise<void>;
}

/** Vocabularies whose tokenizer.json this dashboard has read whole; see `learn-vocabulary.ts`. */
export interface LearnedVocabularies {
  list(): Promise<readonly KnownVocabulary[]>;
  /** Keeps one more, and lets the oldest go when there are too many. */
  keep(vocabulary: KnownVocabulary): Promise<void>;
}

/** What an instance is and has, as far as steps need it. */
export interface InstanceDirectory {
  find(
    instanceId: string,
  ): Promise<{ readonly name: string; readonly kind: string; readonly toolchainPath: string | null }>;
}

export interface HostProbe {
  /** Reads cores, memory and disk of the host, which a job asks for before it does something: no slow programs. */
  resources(session: HostSession): Promise<Omit<HostFacts, 'pythonVersion' | 'gpus'>>;
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
    /** False when other steps of the job run on the host as well. */
    readonly isAlone: boolean;
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
  /**
   * Fills the `.part` with a file of this disk, from `startBytes` on, in a thread; answers with the sha256 of the whole
   * part and its size, which is less than `totalBytes` when the source is shorter.
   */
  copyFrom(
    source: string,
    path: string,
    range: { readonly startBytes: number; readonly totalBytes: number },
    watch: {
      readonly onProgress: (doneBytes: number) => void;
      readonly signal: AbortSignal;
      /** The copy rests while it is on. */
      readonly quiet?: { readonly isOn: boolean; onChange(listener: () => void): () => void } | undefined;
    },
  ): Promise<{ readonly sha256: string; readonly sizeBytes: number }>;
  freeBytes(): Promise<number>;
  /** True when a copy of a file in this folder of this machine takes room on the folder's own disk. */
  takesRoomOf(folder: string): Promise<boolean>;
  fileSha256(path: string, onProgress?: (bytes: number) => void): Promise<{ sha256: string; sizeBytes: number } | null>;
  remove(path: string): Promise<void>;
}

export interface ArtifactPart {
  write(chunk: Uint8Array, offset: number): Promise<void>;
  /** Flushes, renames `.part` to the final name and syncs the folder. */
  complete(): Promise<void>;
  close(): Promise<void>;
}

/** A folder on the dashboard's machine, as a source; its files are named by their paths below it. */
export interface LocalFolder {
  list(folder: string): Promise<{ path: string; sizeBytes: number }[]>;
  read(folder: string, file: string, offset: number, length: number): AsyncIterable<Uint8Array>;
  sha256(folder: string, file: string): Promise<string>;
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
