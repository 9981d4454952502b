import type { ArtifactPlace, Verdict, Verification } from './artifact';
import type { ConfigPatch, ConversionSpec } from './conversion-spec';
import type { Failure } from './failure';
import type { FileRepair } from './file-repair';
import type { FieldContradiction, Finding } from './finding';
import type { OpenQuestion } from './model-check';
import type { Progress } from './progress';
import type { QuantizationType } from './quantization-types';
import type { SampleRemark } from './sample-remark';
import type { JobStatus, StepStatus } from './status';
import type { StepKind } from './step-key';

/** Reads shaped for a screen, an API answer or a socket event. Dates are ISO strings: they cross the wire. */
export interface JobSummary {
  readonly id: string;
  readonly name: string;
  readonly status: JobStatus;
  readonly verdict: Verdict;
  readonly sourceText: string;
  readonly outputs: readonly QuantizationType[];
  readonly instanceId: string;
  readonly instanceName: string;
  readonly currentStepTitle: string | null;
  readonly finishedSteps: number;
  readonly totalSteps: number;
  readonly progressFraction: number | null;
  readonly failure: Failure | null;
  readonly cancelRequested: boolean;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface AttemptView {
  readonly id: string;
  readonly number: number;
  /** `remote` runs detached on the host; `local` is work of the dashboard's own (reading headers, bringing files home). */
  readonly kind: 'remote' | 'local';
  readonly command: string | null;
  readonly exitCode: number | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Where this attempt's output begins in the step's log, bytes. */
  readonly logStart: number;
}

export interface StepView {
  readonly id: string;
  readonly ordinal: number;
  readonly key: string;
  readonly kind: StepKind;
  readonly title: string;
  readonly status: StepStatus;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly progress: Progress | null;
  /** One line: what the step is bound by, or what it waits for. */
  readonly note: string | null;
  readonly failure: Failure | null;
  readonly skippedReason: string | null;
  readonly attempts: readonly AttemptView[];
  readonly logBytes: number;
}

/** What was found out about the checkpoint before converting. */
export interface InspectionView {
  readonly architecture: string | null;
  readonly tensorCount: number;
  readonly parameterCount: number;
  readonly totalBytes: number;
  readonly facts: Readonly<
    Record<string, { readonly value: number; readonly tensor: string; readonly shape: readonly number[] }>
  >;
  readonly contradictions: readonly FieldContradiction[];
  readonly findings: readonly Finding[];
  /** What the person has to answer before the job can go on; absent in jobs of an earlier version. */
  readonly questions?: readonly OpenQuestion[] | undefined;
}

export interface JobDetail extends JobSummary {
  readonly spec: ConversionSpec;
  /** Commit that the revision resolved to, null before fetching or for a folder. */
  readonly commit: string | null;
  readonly toolchain: ToolchainView | null;
  readonly inspection: InspectionView | null;
  /** Changes that would make config.json agree with the tensors; set when the job stopped to ask. */
  readonly proposedPatch: ConfigPatch | null;
  /** Changes to other files that belong to the same repair. */
  readonly proposedFileRepairs: readonly FileRepair[];
  readonly steps: readonly StepView[];
  readonly artifacts: readonly ArtifactView[];
  /** Grows with every change; what a socket client sends back as `afterSequence`. */
  readonly sequence: number;
  /** Set while the host cannot be reached: since when, and what was said. */
  readonly unreachableSince: string | null;
}

export interface ToolchainView {
  readonly version: string;
  readonly commit: string;
  readonly origin: 'given' | 'image' | 'release' | 'registry-source';
  readonly detail: string;
  readonly pythonVersion: string | null;
  readonly torchVersion: string | null;
  readonly transformersVersion: string | null;
}

export interface ArtifactView {
  readonly id: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly type: QuantizationType;
  readonly fileName: string;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  readonly parameterCount: number | null;
  readonly place: ArtifactPlace;
  readonly verdict: Verdict;
  readonly verification: Verification | null;
  /** What is odd about the text it wrote; never part of the verdict. */
  readonly sampleRemark: SampleRemark | null;
  readonly bringHomeState: 'none' | 'requested' | 'running' | 'done' | 'failed';
  readonly bringHomeFailure: Failure | null;
  /** Of a copy that was asked for outside of its job; null while none runs. */
  readonly bringHomeProgress: Progress | null;
  readonly createdAt: string;
}
