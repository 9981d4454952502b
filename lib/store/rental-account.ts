import type { Failure } from '../domain/failure';
import type { AccountSight, LabeledTry, StrayRecord, StraySighting } from '../domain/rental-account';
import { toJson, toRequiredJson } from './json-column';
import { appendToOutbox } from './outbox';
import { runtime } from './runtime';
import { type Transaction, writeTransaction } from './write-transaction';

/** The one service there is. */
const SERVICE = 'vast';
const ACCOUNT = 'account';

/** What is known of the try that a label names; null for one that was never ours. */
export async function findLabeledTry(tryId: string): Promise<LabeledTry | null> {
  const row = await runtime().client.rentalTry.findUnique({ where: { id: tryId } });
  if (!row) return null;
  return {
    rentalId: row.rentalId,
    isOpen: row.state !== 'gone',
    serviceId: row.serviceId,
    goneAtMs: row.goneAt?.getTime() ?? null,
  };
}

/** The newest whole list of the account. Strays of this account that it does not have are forgotten: they are gone. */
export async function recordAccountSight(sight: AccountSight): Promise<void> {
  const readAt = new Date(sight.readAtMs);
  const { accountId } = sight;
  await writeTransaction(async (transaction) => {
    const read = { accountId, readAt, instances: toJson(sight.instances), failure: toJson(null) };
    const where = { service: SERVICE };
    const former = await transaction.rentalWatch.findUnique({ where, select: { accountId: true } });
    const isOther = former !== null && former.accountId !== accountId;
    const update = { ...read, ...(isOther ? { creditNanoUsd: null, creditAt: null } : {}) };
    await transaction.rentalWatch.upsert({ where, create: { ...where, ...read }, update });
    await claimOldTries(transaction, sight);
    for (const stray of sight.strays) {
      const { seen, label } = stray;
      const choice = await choiceFor(transaction, stray, readAt);
      const noted = { label, accountId, seen: toRequiredJson(seen), lastSeenAt: readAt, ...choice };
      await transaction.strayInstance.upsert({
        where: { serviceId: seen.id },
        create: { serviceId: seen.id, firstSeenAt: readAt, ...noted },
        update: noted,
      });
    }
    await transaction.strayInstance.deleteMany({
      where: { lastSeenAt: { lt: readAt }, OR: [{ accountId }, { accountId: null }] },
    });
    await appendToOutbox(transaction, 'rental', ACCOUNT);
  });
}

/** What came late is to go, once; what a person chose stays chosen. */
async function choiceFor(transaction: Transaction, { seen, lateFor }: StraySighting, at: Date) {
  if (lateFor === null) return {};
  const row = await transaction.strayInstance.findUnique({ where: { serviceId: seen.id }, select: { choice: true } });
  if (row !== null && row.choice !== 'none') return {};
  const text = `Instance ${seen.id} appeared late, for a request that was given up without an answer: it is given back.`;
  await transaction.rentalEvent.create({ data: { rentalId: lateFor.rentalId, at, level: 'warning', text } });
  return { choice: 'destroy', chosenAt: at };
}

/** Machines of tries from before accounts were kept: they are where they are seen. */
async function claimOldTries(transaction: Transaction, { accountId, instances }: AccountSight): Promise<void> {
  await transaction.rentalTry.updateMany({
    where: { accountId: null, serviceId: { in: instances.map(({ id }) => id) } },
    data: { accountId },
  });
}

/** Why the newest look failed; null takes the failure back. What was seen before stays, with its age. */
export async function recordAccountFailure(failure: Failure | null): Promise<void> {
  const where = { service: SERVICE };
  await writeTransaction(async (transaction) => {
    const data = { failure: toJson(failure) };
    await transaction.rentalWatch.upsert({ where, create: { ...where, ...data }, update: data });
    await appendToOutbox(transaction, 'rental', ACCOUNT);
  });
}

export async function recordCredit(creditNanoUsd: number, nowMs: number): Promise<void> {
  const where = { service: SERVICE };
  const data = { creditNanoUsd: BigInt(creditNanoUsd), creditAt: new Date(nowMs) };
  await writeTransaction(async (transaction) => {
    await transaction.rentalWatch.upsert({ where, create: { ...where, ...data }, update: data });
    await appendToOutbox(transaction, 'rental', ACCOUNT);
  });
}

export async function listStrayRecords(): Promise<StrayRecord[]> {
  const rows = await runtime().client.strayInstance.findMany({ orderBy: { firstSeenAt: 'asc' } });
  return rows.map(({ serviceId, label, choice, accountId }) => ({
    serviceId,
    label,
    isToGo: choice === 'destroy',
    accountId,
  }));
}

export async function recordStrayFailure(serviceId: string, failure: Failure): Promise<void> {
  await writeTransaction(async (transaction) => {
    await transaction.strayInstance.updateMany({ where: { serviceId }, data: { failure: toJson(failure) } });
    await appendToOutbox(transaction, 'rental', ACCOUNT);
  });
}

/** Its end was proven. */
export async function removeStray(serviceId: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    await transaction.strayInstance.deleteMany({ where: { serviceId } });
    await appendToOutbox(transaction, 'rental', ACCOUNT);
  });
}

/** Whether a request sent since then was given up without an answer. */
export async function hasDoubtfulTries(sinceMs: number): Promise<boolean> {
  const row = await runtime().client.rentalTry.findFirst({
    where: { state: 'gone', serviceId: null, sentAt: { gte: new Date(sinceMs) } },
    select: { id: true },
  });
  return row !== null;
}

export async function listAvoidedMachines(nowMs: number): Promise<ReadonlySet<string>> {
  const rows = await runtime().client.avoidedMachine.findMany({
    where: { until: { gt: new Date(nowMs) } },
    select: { machineId: true },
  });
  return new Set(rows.map(({ machineId }) => machineId));
}
