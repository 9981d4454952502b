import { approvedPatch } from '../domain/approved-patch';
import { requireCheckpointOrigin } from '../domain/checkpoint-origin';
import type { ConversionSpec } from '../domain/conversion-spec';
import { FailureError, failureError } from '../domain/failure';
import { hasChanges } from '../domain/has-changes';
import { checkSourceText, type ModelCheckReport, type ModelCheckView, readinessOf } from '../domain/model-check';
import { type RentedConversion, rentedConversionSchema } from '../domain/rented-conversion';
import type { Source } from '../domain/source';
import { rentalWorkOfCheck } from '../model/rental-work-of-check';
import { findModelCheck } from '../store/model-check-views';
import { createRental } from '../store/rental-wish-store';
import { wake } from '../store/runtime';
import { DEFAULT_KEY_ID } from '../store/settings-store';
import { writeTransaction } from '../store/write-transaction';
import { queueConversion } from './create-job';
import { parseInput } from './parse-input';
import { refuseOverBudget } from './refuse-over-budget';

export interface RentedJob {
  readonly jobId: string;
  readonly rentalId: string;
  readonly instanceId: string;
}

/**
 * The one button: rents a machine for a checked model, converts it there, brings the files home and gives the machine back.
 * Here it is written down, as one whole or not at all; nobody is asked for anything. Throws `invalid-input`, `not-found`,
 * `conflict`, `rental-budget-reached`, and what would stop the conversion.
 */
export async function rentForCheck(input: RentedConversion): Promise<RentedJob> {
  const wish = parseInput(rentedConversionSchema, input);
  const check = await findModelCheck(wish.checkId);
  if (check === null)
    throw new FailureError('not-found', 'There is no such check.', { remedy: 'Check the model again.' });
  const report = readyReport(check, wish.approvesRepair);
  const work = rentalWorkOfCheck(report, wish.outputs, requireCheckpointOrigin(check.source));
  const named = wish.name || checkSourceText(check.source);
  const rented = await writeTransaction(async (transaction) => {
    await refuseOverBudget(transaction, wish.rental);
    const ids = await createRental(transaction, {
      name: `Rented for ${named}`.slice(0, 80),
      terms: wish.rental,
      work,
      sshKeyId: DEFAULT_KEY_ID,
    });
    const spec: ConversionSpec = {
      source: sourceOf(check),
      instanceId: ids.instanceId,
      name: wish.name,
      baseType: wish.baseType,
      outputs: wish.outputs,
      ...repairOf(report, wish.approvesRepair),
      bringHome: true,
      threads: wish.threads,
      rental: { rentalId: ids.rentalId, afterwards: wish.rental.afterwards },
    };
    return { ...ids, jobId: await queueConversion(transaction, spec) };
  });
  wake();
  return rented;
}

/** The report of a check whose model can be converted; nobody rents a machine to learn that it cannot. */
function readyReport({ report, failure, status }: ModelCheckView, approvesRepair: boolean): ModelCheckReport {
  if (failure) throw failureError(failure);
  if (report === null) {
    throw new FailureError('conflict', `The check is ${status}.`, { remedy: 'Wait until it has succeeded.' });
  }
  const readiness = readinessOf(report);
  if (readiness === 'ready' || (readiness === 'repairable' && approvesRepair)) return report;
  const { stops, stopsAfterRepair } = report;
  const failing = (approvesRepair ? stopsAfterRepair : stops) ?? stops;
  if (failing) throw failureError(failing);
  throw new FailureError('conflict', 'This model cannot be converted as it is.', { remedy: 'Look at its check.' });
}

/** The very commit that was looked at; a folder is one of the dashboard's machine. */
function sourceOf({ source, commit }: ModelCheckView): Source {
  if (source.kind === 'hub') return { ...source, revision: commit ?? source.revision };
  return { kind: 'folder', location: 'dashboard', path: source.path };
}

function repairOf(
  { repair }: ModelCheckReport,
  isApproved: boolean,
): Pick<ConversionSpec, 'configPatch' | 'fileRepairs' | 'answeredFields'> {
  if (!isApproved || !hasChanges(repair)) return { configPatch: {}, fileRepairs: [], answeredFields: [] };
  return {
    configPatch: approvedPatch(repair),
    fileRepairs: [...repair.files],
    answeredFields: repair.answers.map(({ field }) => field),
  };
}
