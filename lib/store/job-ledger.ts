import { claimBringHome, listArtifactRecords, recordArtifact, recordArtifactHome } from './artifact-ledger';
import { createAttempt, endAttempt } from './attempt-ledger';
import { claimNextJob, releaseLease, renewLease, voidLeases } from './job-claim';
import { loadJob } from './job-records';
import {
  finishJob,
  isCancelRequested,
  recordInspection,
  recordSource,
  recordToolchain,
  recordUnreachable,
  startJob,
} from './job-transitions';
import { finishStep, recordProgress, startStep, startStepWithAttempt } from './step-transitions';

/** Everything that is true about jobs, as the pipeline's port of this name. Uses the process's runtime. */
export const jobLedger = {
  claimNextJob,
  renewLease,
  voidLeases,
  releaseLease,
  loadJob,
  isCancelRequested,
  startJob,
  finishJob,
  startStep,
  startStepWithAttempt,
  finishStep,
  recordProgress,
  createAttempt,
  endAttempt,
  recordSource,
  recordToolchain,
  recordInspection,
  recordUnreachable,
  recordArtifact,
  recordArtifactHome,
  listArtifacts: listArtifactRecords,
  claimBringHome,
} as const;
