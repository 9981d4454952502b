import type { Verification } from '../domain/artifact';
import type { ConfigPatch, ConversionSpec } from '../domain/conversion-spec';
import type { Failure } from '../domain/failure';
import type { FileRepair } from '../domain/file-repair';
import type { Progress } from '../domain/progress';
import type { QuantizationType } from '../domain/quantization-types';
import type { JobStatus, StepStatus } from '../domain/status';
import type { StepKey } from '../domain/step-key';
import type { InspectionView, ToolchainView } from '../domain/views';

/*
 * What the pipeline needs of the database. Adapters satisfy it by shape; lib/server/compose.ts is where the compiler checks that.
 * Every method may throw a FailureError.
 */

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

export interface NewAttempt {
  readonly id: string;
  readonly kind: 'remote' | 'local';
  readonly command: string;
  /** Length of the step's log at this moment. */
  readonly logStart: number;
}

/** How an attempt has ended. */
export interface EndedAttempt {
  readonly id: string;
  readonly exitCode: number | null;
  readonly endedAt: Date;
}

/** True from the intent to run it until its end is known. */
export function isOpen(attempt: AttemptRecord | null): attempt is AttemptRecord {
  return attempt !== null && attempt.endedAt === null;
}

export interface StepRecord {
  readonly id: string;
  readonly key: StepKey;
  readonly ordinal: number;
  readonly status: StepStatus;
  /** What the step found out, for later steps and for the page. Shape belongs to the step. */
  readonly result: unknown;
  /** Why it failed, for a job whose other files went on. */
  readonly failure: Failure | null;
  /** The newest attempt, ended or not. */
  readonly attempt: AttemptRecord | null;
  /** True when a person asked for it to be done again: what an earlier run of it left is not to be trusted. */
  readonly isAgain: boolean;
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
  /** The same with what `createAttempt` does, all or nothing. */
  startStepWithAttempt(lease: Lease, stepId: string, attempt: NewAttempt): Promise<AttemptRecord>;
  finishStep(
    lease: Lease,
    stepId: string,
    end: {
      status: 'succeeded' | 'failed' | 'canceled' | 'skipped';
      failure?: Failure;
      result?: unknown;
      skippedReason?: string;
      /** The attempt that brought it there, when its own end was not written yet. */
      attempt?: EndedAttempt | null;
    },
  ): Promise<void>;
  recordProgress(lease: Lease, stepId: string, progress: Progress | null, note: string | null): Promise<void>;
  /** Commits the intent before anything is sent to the host. */
  createAttempt(lease: Lease, stepId: string, attempt: NewAttempt): Promise<AttemptRecord>;
  endAttempt(lease: Lease, attemptId: string, exitCode: number | null): Promise<void>;
  recordSource(lease: Lease, source: { commit: string | null }): Promise<void>;
  recordToolchain(lease: Lease, toolchain: ToolchainView): Promise<void>;
  /** `proposed`: the repair that would let the job go on, for the person to approve; null when there is none. */
  recordInspection(
    lease: Lease,
    inspection: InspectionView,
    proposed: { readonly patch: ConfigPatch; readonly files: readonly FileRepair[] } | null,
  ): Promise<void>;
  recordUnreachable(lease: Lease, since: Date | null): Promise<void>;
  /** Creates or updates the artifact of this job and type. */
  recordArtifact(
    lease: Lease,
    artifact: {
      type: QuantizationType;
      fileName: string;
      hostPath: string;
      sizeBytes?: number;
      sha256?: string;
      parameterCount?: number;
      verification?: Verification;
    },
  ): Promise<ArtifactRecord>;
  recordArtifactHome(
    lease: Lease | null,
    artifactId: string,
    home: { path: string } | { failure: Failure } | { state: 'running' } | { progress: Progress },
  ): Promise<void>;
  listArtifacts(jobId: string): Promise<ArtifactRecord[]>;
  claimBringHome(): Promise<BringHomeRequest | null>;
}

/** Whether the job went to another worker: the error that every fenced write may throw, which adapters make and name. */
export function isLeaseLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'LeaseLostError';
}
