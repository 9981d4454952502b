import type { ConnectionReport, KeptConnection, WorkerFix } from '../domain/connection-report';
import { FailureError } from '../domain/failure';
import { fromJson, toRequiredJson } from './json-column';
import { appendToOutbox } from './outbox';
import { runtime } from './runtime';
import { type Transaction, writeTransaction } from './write-transaction';

/** What is kept about the connection of a row. */
export function keptConnection(row: { readonly connection: unknown }): KeptConnection {
  return fromJson<KeptConnection>(row.connection as never) ?? { report: null, wantedFix: null };
}

/** Writes a part of what is kept about an instance's connection; the rest stays. Nothing for an instance that is gone. */
export async function keepConnection(
  transaction: Transaction,
  instanceId: string,
  part: Partial<KeptConnection>,
): Promise<void> {
  const row = await transaction.instance.findUnique({ where: { id: instanceId }, select: { connection: true } });
  if (!row) return;
  const connection = toRequiredJson({ ...keptConnection(row), ...part });
  await transaction.instance.update({ where: { id: instanceId }, data: { connection } });
}

/** The fix that a person asked for, taken away so that it is tried once; null when there is none. */
export async function takeWantedFix(instanceId: string): Promise<WorkerFix | null> {
  return writeTransaction(async (transaction) => {
    const row = await transaction.instance.findUnique({ where: { id: instanceId }, select: { connection: true } });
    const wantedFix = row ? keptConnection(row).wantedFix : null;
    if (wantedFix !== null) await keepConnection(transaction, instanceId, { wantedFix: null });
    return wantedFix;
  });
}

/** How far a test under way has come. */
export async function recordConnectionProgress(instanceId: string, report: ConnectionReport): Promise<void> {
  await writeTransaction(async (transaction) => {
    await keepConnection(transaction, instanceId, { report });
    await appendToOutbox(transaction, 'instance', instanceId);
  });
}

/**
 * Where a rented instance is now. Its pinned host key stays: the machine is the same, and whoever has its old address
 * must not pass for it.
 */
export async function moveInstance(instanceId: string, place: { host: string; port: number }): Promise<void> {
  await writeTransaction(async (transaction) => {
    await transaction.instance.updateMany({ where: { id: instanceId }, data: { host: place.host, port: place.port } });
    await appendToOutbox(transaction, 'instance', instanceId);
  });
}

/** Where an instance is said to be, and the service's id of the machine that a rental put behind it. Throws `not-found`. */
export async function findRentedPlace(
  instanceId: string,
): Promise<{ host: string; port: number; serviceId: string | null }> {
  const { client } = runtime();
  const row = await client.instance.findUnique({ where: { id: instanceId }, select: { host: true, port: true } });
  if (!row) throw new FailureError('not-found', 'This instance was removed.');
  const machine = await client.rentalTry.findFirst({
    where: { rental: { instanceId }, serviceId: { not: null }, goneAt: null },
    orderBy: { ordinal: 'desc' },
    select: { serviceId: true },
  });
  return { ...row, serviceId: machine?.serviceId ?? null };
}

/** The public half of the key that an instance is reached with; null when it is reached by password. */
export async function findPublicKey(instanceId: string): Promise<string | null> {
  const row = await runtime().client.instance.findUnique({
    where: { id: instanceId },
    select: { sshKey: { select: { publicKey: true } } },
  });
  return row?.sshKey?.publicKey ?? null;
}
