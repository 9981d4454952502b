import type { ConnectionReport } from '../domain/connection-report';
import type { Failure } from '../domain/failure';
import { FailureError } from '../domain/failure';
import type { HostFacts, InstanceKind } from '../domain/instance';
import { keepConnection } from './connection-store';
import { toJson } from './json-column';
import { appendToOutbox } from './outbox';
import { runtime } from './runtime';
import { readSecret, secretOwner } from './secret-store';
import { writeTransaction } from './write-transaction';

export type EndpointAuth =
  | { readonly kind: 'key'; readonly privateKey: string; readonly passphrase?: string }
  | { readonly kind: 'password'; readonly password: string };

/** How to reach an instance, with its secret in clear. For the worker alone. */
export interface InstanceEndpoint {
  readonly instanceId: string;
  readonly kind: InstanceKind;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly auth: EndpointAuth;
  /** `SHA256:…` of the pinned host key, null before first contact. */
  readonly pinned: string | null;
}

/** What steps need to know of an instance. Throws `not-found`. */
export async function findInstanceInfo(
  instanceId: string,
): Promise<{ name: string; kind: InstanceKind; toolchainPath: string | null }> {
  const row = await instanceRow(instanceId);
  return { name: row.name, kind: row.kind as InstanceKind, toolchainPath: row.toolchainPath };
}

/**
 * An SSH instance's address, decrypted key or password and pinned host key. Throws `not-found`, and `ssh-auth-refused`
 * when its key or password is gone. "This machine" has no stored endpoint: its server's key lives in memory.
 */
export async function findEndpoint(instanceId: string): Promise<InstanceEndpoint> {
  const row = await instanceRow(instanceId);
  return {
    instanceId: row.id,
    kind: row.kind as InstanceKind,
    host: row.host,
    port: row.port,
    user: row.user,
    auth: row.auth === 'password' ? await passwordAuth(row.id, row.name) : await keyAuth(row.sshKeyId, row.name),
    pinned: row.hostKeyFingerprint,
  };
}

/** Makes the row of "This machine", whose address and key live in the server's memory; its facts are kept. */
export async function ensureThisMachine(machine: { id: string; name: string; user: string }): Promise<void> {
  const { client, writes } = runtime();
  const { id, ...named } = machine;
  const fixed = { ...named, kind: 'this-machine', host: '127.0.0.1', port: 0, auth: 'key', deletedAt: null };
  await writes.run(() => client.instance.upsert({ where: { id }, create: { id, ...fixed }, update: fixed }));
}

/** Pins the host key at first contact. A pin is never replaced here: throws `host-key-changed` when another one is there. */
export async function pinHostKey(instanceId: string, fingerprint: string): Promise<void> {
  await writeTransaction(async (transaction) => {
    const where = { id: instanceId, OR: [{ hostKeyFingerprint: null }, { hostKeyFingerprint: fingerprint }] };
    const changed = await transaction.instance.updateMany({ where, data: { hostKeyFingerprint: fingerprint } });
    if (changed.count === 0) {
      throw new FailureError('host-key-changed', 'The host shows another key than the one it is known by.', {
        evidence: [`shown: ${fingerprint}`],
      });
    }
    await appendToOutbox(transaction, 'instance', instanceId);
  });
}

/** The id of an instance whose check a person asked for, now marked as running; null when there is none. */
export async function claimRequestedCheck(): Promise<string | null> {
  const where = { checkState: 'requested', deletedAt: null };
  const waiting = await runtime().client.instance.findFirst({ where, select: { id: true } });
  if (!waiting) return null;
  return writeTransaction(async (transaction) => {
    const row = await transaction.instance.findFirst({ where, orderBy: { checkRequestedAt: 'asc' } });
    if (!row) return null;
    await transaction.instance.update({ where: { id: row.id }, data: { checkState: 'running' } });
    await appendToOutbox(transaction, 'instance', row.id);
    return row.id;
  });
}

/** The end of a check. Facts of an earlier one are kept when this one failed. A check asked for meanwhile stays asked for. */
export async function recordCheck(
  instanceId: string,
  outcome: { facts: HostFacts } | { failure: Failure },
  report: ConnectionReport | null = null,
): Promise<void> {
  const found =
    'facts' in outcome ? { facts: toJson(outcome.facts), failure: toJson(null) } : { failure: toJson(outcome.failure) };
  await writeTransaction(async (transaction) => {
    await transaction.instance.updateMany({ where: { id: instanceId }, data: { ...found, checkedAt: new Date() } });
    await transaction.instance.updateMany({
      where: { id: instanceId, checkState: { not: 'requested' } },
      data: { checkState: 'facts' in outcome ? 'ok' : 'failed' },
    });
    await keepConnection(transaction, instanceId, { report });
    await appendToOutbox(transaction, 'instance', instanceId);
  });
}

async function instanceRow(instanceId: string) {
  const row = await runtime().client.instance.findFirst({ where: { id: instanceId, deletedAt: null } });
  if (!row)
    throw new FailureError('not-found', 'This instance was removed.', {
      remedy: 'Add it again, or choose another one.',
    });
  return row;
}

async function passwordAuth(instanceId: string, name: string): Promise<EndpointAuth> {
  const password = await readSecret(secretOwner.instancePassword(instanceId));
  if (password === null) throw noSecret(name, 'password');
  return { kind: 'password', password };
}

async function keyAuth(sshKeyId: string | null, name: string): Promise<EndpointAuth> {
  const privateKey = sshKeyId === null ? null : await readSecret(secretOwner.privateKey(sshKeyId));
  if (sshKeyId === null || privateKey === null) throw noSecret(name, 'private key');
  const passphrase = await readSecret(secretOwner.keyPassphrase(sshKeyId));
  return { kind: 'key', privateKey, ...(passphrase === null ? {} : { passphrase }) };
}

function noSecret(name: string, what: string): FailureError {
  return new FailureError('ssh-auth-refused', `There is no ${what} stored for ${name}.`, {
    remedy: `Edit the instance and enter its ${what} again.`,
  });
}
