import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addInstance } from '../../lib/commands/add-instance';
import { fixConnection } from '../../lib/commands/fix-connection';
import { updateInstance } from '../../lib/commands/update-instance';
import type { ConnectionObservation, RentalContext } from '../../lib/domain/connection-report';
import { connectionFailure, diagnoseConnection } from '../../lib/domain/diagnose-connection';
import {
  findPublicKey,
  findRentedPlace,
  moveInstance,
  recordConnectionProgress,
  takeWantedFix,
} from '../../lib/store/connection-store';
import { claimRequestedCheck, recordCheck } from '../../lib/store/instance-store';
import { findInstance } from '../../lib/store/instance-views';
import { ensureDefaultKey } from '../../lib/store/key-store';
import { runtime } from '../../lib/store/runtime';
import { passedAll, stoppedAt } from '../support/connection-examples';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
let instanceId = '';
beforeAll(async () => {
  database = await openTestDatabase();
  await ensureDefaultKey(() => ({ publicKey: 'ssh-ed25519 AAAA own', fingerprint: 'SHA256:own', privateKey: 'own' }));
});
afterAll(() => database.close());
beforeEach(async () => {
  await runtime().client.instance.deleteMany();
  ({ instanceId } = await addInstance({ name: 'n', host: 'a.example', port: 2222 }));
});

async function record(observation: ConnectionObservation, rental: RentalContext | null = null) {
  const report = diagnoseConnection(observation, rental);
  const failure = connectionFailure(observation, report);
  if (failure === null) throw new Error('this test passed');
  await recordCheck(instanceId, { failure }, report);
}

const changedKey = stoppedAt('host-key', 'host-key-changed', { seen: { shownFingerprint: 'SHA256:new' } });
const conflict = { failure: { code: 'conflict' } };

describe('what the last test of a connection offers', () => {
  it('is to trust exactly the key that was shown', async () => {
    await runtime().client.instance.update({ where: { id: instanceId }, data: { hostKeyFingerprint: 'SHA256:old' } });
    await record(changedKey);
    await fixConnection(instanceId, { fix: 'trust-host-key' });
    expect(await findInstance(instanceId)).toMatchObject({
      hostKeyFingerprint: 'SHA256:new',
      checkState: 'requested',
    });
  });

  it('is left to the worker where a host or a service has to be reached, once', async () => {
    const refused = stoppedAt('login', 'ssh-auth-refused', { seen: { methods: ['publickey'] } });
    await record(refused, { endpoints: null, keys: [], log: null });
    await fixConnection(instanceId, { fix: 'attach-key' });
    expect(await claimRequestedCheck()).toBe(instanceId);
    expect(await takeWantedFix(instanceId)).toBe('attach-key');
    expect(await takeWantedFix(instanceId)).toBeNull();
    expect((await findInstance(instanceId))?.connection?.finding?.cause).toBe('key-not-attached');
  });

  it('is another address, read from a pasted command', async () => {
    await record(stoppedAt('tcp', 'host-refused'));
    await expect(fixConnection(instanceId, { fix: 'use-command', command: '  ' })).rejects.toMatchObject({
      failure: { code: 'invalid-input', evidence: ['command: wrong'] },
    });
    await fixConnection(instanceId, {
      fix: 'use-command',
      command: 'ssh -p 40022 ubuntu@203.0.113.9 -L 1:localhost:1',
    });
    expect(await findInstance(instanceId)).toMatchObject({
      host: '203.0.113.9',
      port: 40_022,
      user: 'ubuntu',
      checkState: 'requested',
      connection: null,
    });
    await record(stoppedAt('tcp', 'host-refused'));
    await fixConnection(instanceId, { fix: 'use-command', command: '203.0.113.9:40023' });
    expect(await findInstance(instanceId)).toMatchObject({ port: 40_023, user: 'ubuntu' });
  });

  it('is our own key in place of a key or password that does not do', async () => {
    const { client } = runtime();
    await updateInstance(instanceId, { auth: 'password', password: 'hunter2' });
    const target = { auth: 'password' } as const;
    await record(stoppedAt('login', 'ssh-auth-refused', { target, seen: { methods: ['publickey'] } }));
    await fixConnection(instanceId, { fix: 'use-own-key' });
    expect(await findInstance(instanceId)).toMatchObject({ auth: 'key', publicKey: 'ssh-ed25519 AAAA own' });
    expect(await client.secret.count({ where: { owner: { startsWith: `instance:${instanceId}` } } })).toBe(0);
    await client.sshKey.create({ data: { id: 'theirs', name: 'n', publicKey: 'ssh-rsa AAAA', fingerprint: 'x' } });
    await client.instance.update({ where: { id: instanceId }, data: { sshKeyId: 'theirs' } });
    await record(stoppedAt('own-key', 'ssh-key-passphrase'));
    await fixConnection(instanceId, { fix: 'use-own-key' });
    expect(await findInstance(instanceId)).toMatchObject({ publicKey: 'ssh-ed25519 AAAA own' });
    expect(await client.sshKey.count({ where: { id: 'theirs' } })).toBe(0);
  });

  it('is nothing else, nothing before a test, nothing during one, and nothing for what is gone', async () => {
    await expect(fixConnection(instanceId, { fix: 'switch-off-tmux' })).rejects.toMatchObject(conflict);
    await record(changedKey);
    await expect(fixConnection(instanceId, { fix: 'switch-off-tmux' })).rejects.toMatchObject(conflict);
    await runtime().client.instance.update({ where: { id: instanceId }, data: { checkState: 'running' } });
    await expect(fixConnection(instanceId, { fix: 'trust-host-key' })).rejects.toMatchObject(conflict);
    await expect(fixConnection('none', { fix: 'trust-host-key' })).rejects.toMatchObject({
      failure: { code: 'not-found' },
    });
    await expect(fixConnection(instanceId, { fix: 'reboot' as 'use-command' })).rejects.toMatchObject({
      failure: { code: 'invalid-input' },
    });
  });

  it('is no longer offered once something about the instance was changed', async () => {
    await record(changedKey);
    await updateInstance(instanceId, { user: 'ubuntu' });
    await expect(fixConnection(instanceId, { fix: 'trust-host-key' })).rejects.toMatchObject(conflict);
  });
});

describe('what is kept about a connection', () => {
  it('grows while a test runs, and keeps the fix that is wanted', async () => {
    const report = diagnoseConnection(passedAll(), null);
    await recordConnectionProgress(instanceId, report);
    expect((await findInstance(instanceId))?.connection).toEqual(report);
    await recordConnectionProgress('none', report);
  });

  it('leaves the pinned key when a rented machine has moved', async () => {
    await runtime().client.instance.update({ where: { id: instanceId }, data: { hostKeyFingerprint: 'SHA256:old' } });
    await moveInstance(instanceId, { host: '203.0.113.9', port: 41_000 });
    expect(await findInstance(instanceId)).toMatchObject({ port: 41_000, hostKeyFingerprint: 'SHA256:old' });
    expect(await findRentedPlace(instanceId)).toEqual({ host: '203.0.113.9', port: 41_000, serviceId: null });
    const { client } = runtime();
    await client.rental.create({ data: { id: 'r', instanceId, terms: {}, work: {} } });
    const common = { rentalId: 'r', machineId: 'm', offer: {}, estimate: {} };
    await client.rentalTry.createMany({
      data: [
        { ...common, id: 't1', ordinal: 1, label: 'one', serviceId: '101', goneAt: new Date() },
        { ...common, id: 't2', ordinal: 2, label: 'two', serviceId: '102' },
        { ...common, id: 't3', ordinal: 3, label: 'three' },
      ],
    });
    expect((await findRentedPlace(instanceId)).serviceId).toBe('102');
    await client.rental.deleteMany();
    await expect(findRentedPlace('none')).rejects.toMatchObject({ failure: { code: 'not-found' } });
  });

  it('knows the public half of the key in use', async () => {
    expect(await findPublicKey(instanceId)).toBe('ssh-ed25519 AAAA own');
    expect(await findPublicKey('none')).toBeNull();
  });
});
