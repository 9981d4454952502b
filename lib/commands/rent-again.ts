import type { Verdict } from '../domain/artifact';
import { conversionSpecSchema } from '../domain/conversion-spec';
import { failureError } from '../domain/failure';
import { rentalTermsSchema } from '../domain/rental';
import { startRefusal } from '../domain/rental-limits';
import type { RentalWork } from '../domain/rental-work';
import { isOnHost, quantizationOf, stepKindOf } from '../domain/step-key';
import { toJson, toRequiredJson } from '../store/json-column';
import { findRentalRecord } from '../store/rental-records';
import { createRental } from '../store/rental-wish-store';
import type { Transaction } from '../store/write-transaction';
import { refuseOverBudget } from './refuse-over-budget';

interface RetriedStep {
  readonly id: string;
}

/**
 * What a retry of a job on a rented machine does beside the steps that are asked for: it always begins with the machine.
 * One whose rental has ended, or is about to, gets another machine by a new rental on the same terms: a rental's story and
 * bill are of one instance, so the job moves to the new one instead. That machine is empty: everything is done again
 * but for files that are home and proven to work. Answers with the steps to do; throws `rental-budget-reached`, and
 * `rental-deadline-reached` where the machine is there and its keeper would end the job at once.
 */
export async function withRental(
  transaction: Transaction,
  jobId: string,
  asked: readonly RetriedStep[],
): Promise<readonly RetriedStep[]> {
  const job = await transaction.job.findUniqueOrThrow({ where: { id: jobId }, include: { steps: true } });
  const spec = conversionSpecSchema.parse(job.spec);
  if (!spec.rental) return asked;
  const rental = await transaction.rental.findUnique({
    where: { id: spec.rental.rentalId },
    include: { instance: { select: { name: true, sshKeyId: true } } },
  });
  const isThere = rental !== null && rental.state !== 'ended' && rental.goal !== 'gone';
  if (isThere) await refuseAtLimit(transaction, rental.id);
  if (isThere || rental === null || rental.instance.sshKeyId === null) {
    const own = job.steps.filter(({ key }) => !isOnHost(stepKindOf(key)));
    return [...asked, ...own];
  }
  const terms = rentalTermsSchema.parse(rental.terms);
  await refuseOverBudget(transaction, terms);
  const { name, sshKeyId } = rental.instance;
  // The offer that was chosen then is gone, or was what went wrong.
  const next = await createRental(transaction, {
    name,
    terms: { ...terms, offerId: null },
    work: rental.work as unknown as RentalWork,
    sshKeyId,
  });
  const moved = {
    ...spec,
    instanceId: next.instanceId,
    rental: { ...spec.rental, rentalId: next.rentalId },
  };
  await transaction.job.update({
    where: { id: jobId },
    data: { instanceId: next.instanceId, spec: toRequiredJson(moved) },
  });
  const kept = await leaveOldHost(transaction, jobId);
  return job.steps.filter(({ key, status }) => !(kept.has(quantizationOf(key) ?? '') && isDone(status)));
}

async function refuseAtLimit(transaction: Transaction, rentalId: string): Promise<void> {
  const record = await findRentalRecord(rentalId, transaction);
  const limit = record && startRefusal(record, Date.now(), 0);
  if (limit) throw failureError(limit);
}

/** What was only on the machine that is gone has to be made again. Answers with the types that are home and work. */
async function leaveOldHost(transaction: Transaction, jobId: string): Promise<ReadonlySet<string>> {
  const artifacts = await transaction.artifact.findMany({ where: { jobId } });
  const isKept = ({ homePath, verdict }: (typeof artifacts)[number]) =>
    homePath !== null && (verdict as Verdict) === 'works';
  await transaction.artifact.updateMany({ where: { jobId }, data: { onHost: false } });
  await transaction.artifact.updateMany({
    where: { id: { in: artifacts.filter((artifact) => !isKept(artifact)).map(({ id }) => id) } },
    data: { sha256: null, verification: toJson(null), verdict: 'unknown', homePath: null, bringHomeState: 'none' },
  });
  return new Set(artifacts.filter(isKept).map(({ type }) => type));
}

function isDone(status: string): boolean {
  return status === 'succeeded' || status === 'skipped';
}
