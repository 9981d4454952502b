import type { StepKind } from '../domain/step-key';
import type { StepDefinition } from './step-definition';
import { bringHome } from './steps/bring-home';
import { checksum } from './steps/checksum';
import { convertModel } from './steps/convert-model';
import { fetchModel } from './steps/fetch-model';
import { imatrix } from './steps/imatrix';
import { inspectModel } from './steps/inspect-model';
import { prepareHost } from './steps/prepare-host';
import { quantize } from './steps/quantize';
import { releaseHost } from './steps/release-host';
import { rentHost } from './steps/rent-host';
import { repairModel } from './steps/repair-model';
import { verify } from './steps/verify';

/**
 * From a checkpoint to files that are proven to work. This is the table of contents: which steps a given job has is
 * decided by `stepsOf` in lib/domain/job-steps.ts, what each does by its file.
 */
const CONVERSION_PIPELINE: Readonly<Record<StepKind, StepDefinition>> = {
  'rent-host': rentHost,
  'prepare-host': prepareHost,
  'fetch-model': fetchModel,
  'inspect-model': inspectModel,
  'repair-model': repairModel,
  'convert-model': convertModel,
  imatrix,
  quantize,
  checksum,
  verify,
  'bring-home': bringHome,
  'release-host': releaseHost,
};

export function stepDefinitionFor(kind: StepKind): StepDefinition {
  return CONVERSION_PIPELINE[kind];
}
