import type { StepKind } from '../domain/step-key';
import type { StepDefinition } from './step-definition';
import { bringHome } from './steps/bring-home';
import { checksum } from './steps/checksum';
import { convertModel } from './steps/convert-model';
import { fetchModel } from './steps/fetch-model';
import { inspectModel } from './steps/inspect-model';
import { prepareHost } from './steps/prepare-host';
import { quantize } from './steps/quantize';
import { repairModel } from './steps/repair-model';
import { verify } from './steps/verify';

/** Stamped on every job. Raise it when a step's meaning changes, so that no job runs half under old and half under new rules. */
export const DEFINITION_VERSION = 1;

/**
 * From a checkpoint to files that are proven to work. This is the table of contents: which steps a given job has is
 * decided by `stepsOf` in lib/domain/job-steps.ts, what each does by its file.
 */
const CONVERSION_PIPELINE: Readonly<Record<StepKind, StepDefinition>> = {
  'prepare-host': prepareHost,
  'fetch-model': fetchModel,
  'inspect-model': inspectModel,
  'repair-model': repairModel,
  'convert-model': convertModel,
  quantize,
  checksum,
  verify,
  'bring-home': bringHome,
};

export function stepDefinitionFor(kind: StepKind): StepDefinition {
  return CONVERSION_PIPELINE[kind];
}
