import type { ConversionSpec } from '../domain/conversion-spec';
import type { Progress } from '../domain/progress';
import type { QuantizationType } from '../domain/quantization-types';
import type { StepKind } from '../domain/step-key';
import type { InspectionView } from '../domain/views';
import type { EncodeText } from '../model/tokenizer-problem';
import type { HostLink } from './host-link';
import type { EndedAttempt, JobLedger, Lease, StepRecord } from './ledger-port';
import type {
  ArtifactHome,
  Clock,
  HostProbe,
  Hub,
  InstalledToolchain,
  InstanceDirectory,
  LearnedVocabularies,
  LivePublisher,
  LocalFolder,
  Logger,
  LogRedactor,
  SampleSink,
  Shell,
  StepLogs,
  Telemetry,
  Toolchain,
} from './ports';
import type { ProvenHeaders } from './proven-headers';
import type { QuietTime } from './quiet-time';
import type { Rentals } from './rentals-port';
import type { StepLog } from './step-log';
import type { FreeLane } from './step-scheduler';
import type { SamplePrompt } from './verify-prompt';
import type { Workspace } from './workspace';

/** The world as the pipeline sees it; built once by lib/server/compose.ts. */
export interface PipelineDependencies {
  readonly ledger: JobLedger;
  readonly logs: StepLogs;
  readonly createRedactor: (secrets: readonly string[]) => LogRedactor;
  readonly samples: SampleSink;
  readonly live: LivePublisher;
  readonly connectHost: (instanceId: string, signal?: AbortSignal) => ReturnType<HostLink['session']>;
  readonly instances: InstanceDirectory;
  readonly rentals: Rentals;
  readonly probe: HostProbe;
  readonly hub: () => Promise<Hub>;
  readonly toolchain: Toolchain;
  /** Tokenizes with a checkpoint's own tokenizer, within limits. */
  readonly encodeText: EncodeText;
  readonly vocabularies: LearnedVocabularies;
  readonly telemetry: Telemetry;
  readonly shell: Shell;
  readonly home: ArtifactHome;
  readonly localFolder: LocalFolder;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A fresh id of `[0-9a-z-]`, 26 to 36 characters. */
  readonly newId: () => string;
}

/** What earlier steps found out, read back from their stored results. */
export interface EarlierResults {
  readonly toolchain: PreparedHost | null;
  readonly source: FetchedSource | null;
  readonly inspection: InspectedModel | null;
  /** Null when nothing was repaired. */
  readonly repair: RepairedModel | null;
  readonly imatrix: { readonly path: string } | null;
  readonly base: ConvertedBase | null;
}

/** The float GGUF that the converter made. */
export interface ConvertedBase {
  readonly path: string;
  readonly type: QuantizationType;
  /** What it and every file made from it is asked: all carry its template. Null for encoders, which write no text. */
  readonly prompt: SamplePrompt | null;
}

/** What preparing the host found: its llama.cpp, and how many cores it may use. */
export interface PreparedHost extends InstalledToolchain {
  /** Null when the host does not say. */
  readonly cores: number | null;
}

export interface FetchedSource {
  readonly folder: string;
  /** Paths relative to `folder` that make the checkpoint. */
  readonly files: readonly string[];
  readonly commit: string | null;
  readonly totalBytes: number;
}

/** What the repair changed, by paths below the checkpoint's folder. */
export interface RepairedModel {
  /** Lie in the workspace's `repaired` folder and replace or complete the source's. */
  readonly written: readonly string[];
  readonly leftOut: readonly string[];
}

export interface InspectedModel {
  readonly dtype: string | null;
  readonly parameterCount: number;
  readonly facts: InspectionView['facts'];
}

/** Everything one step may use. */
export interface StepContext {
  readonly jobId: string;
  readonly spec: ConversionSpec;
  /** The commit that this job is pinned to, null until its source was first looked at; set by `pinnedListing`. */
  commit: string | null;
  /** Replaced by the runner when a new attempt begins. */
  step: StepRecord;
  /** An attempt whose end is known and was not written yet: that is done together with the end of the step. */
  ended: EndedAttempt | null;
  readonly kind: StepKind;
  readonly lease: Lease;
  readonly host: HostLink;
  /** Throws for a step that has nothing to do with the host. */
  readonly workspace: Workspace;
  readonly earlier: EarlierResults;
  readonly log: StepLog;
  readonly world: PipelineDependencies;
  /** Shows progress at once and stores it at most every other second. */
  readonly report: (progress: Progress) => void;
  /** Says that the command has ended as far as others are concerned, or its measuring: what it held may be used. */
  readonly freeLane: FreeLane;
  /** Takes work that no step waits for and that does not reject: the run of the job ends after it. */
  readonly aside: (work: Promise<void>) => void;
  /** What this run of the job has read of its files. */
  readonly headers: ProvenHeaders;
  /** When what runs beside the lanes has to rest. */
  readonly quiet: QuietTime;
  /** Aborted on cancel, when a step failed that this one cannot do without, on a lost lease and on shutdown. */
  readonly signal: AbortSignal;
}
