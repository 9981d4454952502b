import { type Lease, leaseLost } from './fenced-write';
import { appendToOutbox } from './outbox';
import { runtime } from './runtime';
import { type Transaction, writeTransaction } from './write-transaction';

/**
 * Takes the next job for `leaseMs`, by the database's clock, in one statement: first those that a dead or stopped worker
 * left running, then queued ones, oldest first. A job whose instance has another job running is passed over, also when
 * nobody holds that one at the moment: its work goes on at the host. Null when there is nothing to do.
 */
export async function claimNextJob(owner: string, leaseMs: number): Promise<Lease | null> {
  const { client } = runtime();
  const now = await databaseNowMs();
  // A cheap look first: an idle worker asks every second and must not write every second.
  const claimable = await client.job.findFirst({
    where: { status: { in: ['queued', 'running'] }, leaseUntilMs: { lte: now } },
    select: { id: true },
  });
  if (!claimable) return null;
  return writeTransaction(async (transaction) => {
    const rows = await transaction.$queryRaw<{ id: string; epoch: number | bigint }[]>`
      UPDATE "Job"
      SET "owner" = ${owner}, "epoch" = "epoch" + 1, "sequence" = "sequence" + 1,
          "leaseUntilMs" = CAST(unixepoch('subsec') * 1000 AS INTEGER) + ${leaseMs}
      WHERE "id" = (
        SELECT j."id" FROM "Job" j
        WHERE j."status" IN ('queued', 'running')
          AND j."leaseUntilMs" <= CAST(unixepoch('subsec') * 1000 AS INTEGER)
          AND NOT EXISTS (
            SELECT 1 FROM "Job" o
            WHERE o."instanceId" = j."instanceId" AND o."id" <> j."id" AND o."status" IN ('queued', 'running')
              AND (o."leaseUntilMs" > CAST(unixepoch('subsec') * 1000 AS INTEGER)
                   OR (o."status" = 'running' AND j."status" = 'queued')))
        ORDER BY CASE j."status" WHEN 'running' THEN 0 ELSE 1 END, j."createdAt", j."id"
        LIMIT 1)
      RETURNING "id", "epoch"`;
    const row = rows[0];
    if (!row) return null;
    await appendToOutbox(transaction, 'job', row.id);
    return { jobId: row.id, epoch: Number(row.epoch) };
  });
}

/** Prolongs a lease by the database's clock. Nothing that a person sees changes, so no sequence and no outbox. */
export async function renewLease(lease: Lease, leaseMs: number): Promise<void> {
  const { client, writes } = runtime();
  const changed = await writes.run(
    () => client.$executeRaw`
      UPDATE "Job" SET "leaseUntilMs" = CAST(unixepoch('subsec') * 1000 AS INTEGER) + ${leaseMs}
      WHERE "id" = ${lease.jobId} AND "epoch" = ${lease.epoch}`,
  );
  if (changed === 0) leaseLost(lease.jobId);
}

/** Gives a job back as it is: the next claim takes it at once. */
export async function releaseLease(lease: Lease): Promise<void> {
  const { client, writes } = runtime();
  const changed = await writes.run(() =>
    client.job.updateMany({ where: { id: lease.jobId, epoch: lease.epoch }, data: { owner: null, leaseUntilMs: 0 } }),
  );
  if (changed.count === 0) leaseLost(lease.jobId);
}

/**
 * At start, under the exclusive process lock: what an earlier process held is free again. Its checks of instances and its
 * copies of single files are asked for anew.
 */
export async function voidLeases(): Promise<void> {
  await writeTransaction(async (transaction) => {
    await transaction.job.updateMany({ where: { leaseUntilMs: { gt: 0 } }, data: { owner: null, leaseUntilMs: 0 } });
    await transaction.instance.updateMany({ where: { checkState: 'running' }, data: { checkState: 'requested' } });
    await restartBringHomes(transaction);
  });
}

async function restartBringHomes(transaction: Transaction): Promise<void> {
  const running = { bringHomeState: 'running' };
  await transaction.artifact.updateMany({
    where: { ...running, bringHomeRequestedAt: { not: null } },
    data: { bringHomeState: 'requested' },
  });
  // A copy that belongs to a job goes on with the job.
  await transaction.artifact.updateMany({
    where: { ...running, bringHomeRequestedAt: null },
    data: { bringHomeState: 'none' },
  });
}

async function databaseNowMs(): Promise<number> {
  const rows = await runtime().client.$queryRaw<{ now: number | bigint }[]>`
    SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now`;
  return Number(rows[0]?.now ?? 0);
}
