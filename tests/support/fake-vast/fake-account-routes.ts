import type { FakeAccount } from './fake-accounts';
import { chargeRows } from './fake-billing';
import type { FakeKey } from './fake-instance';
import { FakeRefusal } from './fake-refusal';
import { type FakeCall, type FakeRoute, jsonQuery, knownInstance } from './fake-route';

/** What must never leave the client of the API: tests look for it in what comes out. */
export const PLANTED_SECRET = 'planted-account-api-key-5f3b1c';
const KEY_PATTERN = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+) [A-Za-z0-9+/=]+( .*)?$/;

/** The account: money, ssh keys, charges, logs. */
export const ACCOUNT_ROUTES: readonly FakeRoute[] = [
  {
    method: 'GET',
    path: /^\/api\/v0\/users\/current\/$/,
    scope: 'user_read',
    name: 'users/current',
    thresholdSeconds: 1,
    handle: ({ account }) => ({
      id: account.id,
      email: account.email,
      email_verified: account.isEmailVerified,
      can_pay: account.hasCard,
      credit: account.creditUsd,
      balance: 0,
      balance_threshold: 0,
      total_spend: -account.spentUsd,
      ssh_key: '',
      api_key: PLANTED_SECRET,
    }),
  },
  {
    method: 'GET',
    path: /^\/api\/v0\/ssh\/$/,
    scope: 'user_read',
    name: 'ssh',
    thresholdSeconds: 1,
    handle: ({ account }) => {
      if (account.keys.length === 0) throw new FakeRefusal(404, 'not_found', 'No ssh keys found.');
      return account.keys.map((key) => keyJson(account, key));
    },
  },
  { method: 'POST', path: /^\/api\/v0\/ssh\/$/, scope: 'user_write', name: 'ssh', thresholdSeconds: 1, handle: addKey },
  {
    method: 'DELETE',
    path: /^\/api\/v0\/ssh\/(\d+)\/$/,
    scope: 'user_write',
    name: 'ssh/id',
    thresholdSeconds: 1,
    handle: async ({ world, account, ids }) => {
      const at = account.keys.findIndex((key) => key.id === ids[0]);
      if (at < 0) throw new FakeRefusal(400, 'no_ssh_key', 'No such ssh key.');
      account.keys.splice(at, 1);
      await world.writeAccountKeys();
      return { success: true };
    },
  },
  {
    method: 'POST',
    path: /^\/api\/v0\/instances\/(\d+)\/ssh\/$/,
    scope: 'instance_write',
    name: 'instance/ssh',
    thresholdSeconds: 1,
    handle: attachKey,
  },
  {
    method: 'GET',
    path: /^\/api\/v0\/instances\/(\d+)\/ssh\/$/,
    scope: 'instance_read',
    name: 'instance/ssh',
    thresholdSeconds: 1,
    handle: (call) => ({
      success: true,
      ssh_keys: JSON.stringify(knownInstance(call).attachedKeys.map((key) => keyJson(call.account, key))),
    }),
  },
  {
    method: 'GET',
    path: /^\/api\/v0\/charges\/$/,
    scope: 'billing_read',
    name: 'charges',
    thresholdSeconds: 1,
    handle: charges,
  },
  {
    method: 'PUT',
    path: /^\/api\/v0\/instances\/request_logs\/(\d+)\/$/,
    scope: 'instance_read',
    name: 'request_logs',
    thresholdSeconds: 1,
    handle: (call) => {
      const { id } = knownInstance(call);
      return {
        success: true,
        result_url: `${call.logUrl}/instance_logs/${id}-${call.body['tail'] ?? '1000'}.log`,
        msg: '',
      };
    },
  },
];

function keyJson(account: FakeAccount, { id, publicKey, createdAtSeconds }: FakeKey): object {
  return { id, user_id: account.id, public_key: publicKey, created_at: createdAtSeconds, deleted_at: null };
}

async function addKey({ world, account, body, isTeamKey }: FakeCall): Promise<object> {
  if (isTeamKey) throw new FakeRefusal(400, 'team_ssh_keys_not_supported', 'Team accounts cannot hold ssh keys.');
  const publicKey = String(body['ssh_key'] ?? '').trim();
  if (publicKey === '') throw new FakeRefusal(400, 'no_ssh_key', 'No ssh key given.');
  // A path that was typed instead of a key is stored as it is, like everything: it only never matches.
  const existing = account.keys.find((key) => key.publicKey === publicKey);
  if (existing) throw new FakeRefusal(400, 'invalid_args', 'Duplicate ssh key: already exists.');
  world.nextKeyId += 1;
  const key = { id: world.nextKeyId, publicKey, createdAtSeconds: world.nowMs() / 1000 + 0.5 };
  account.keys.push(key);
  await world.writeAccountKeys();
  return { success: true, key: keyJson(account, key) };
}

async function attachKey(call: FakeCall): Promise<object> {
  const instance = knownInstance(call);
  const publicKey = String(call.body['ssh_key'] ?? '').trim();
  if (!KEY_PATTERN.test(publicKey)) throw new FakeRefusal(400, 'invalid_args', 'Invalid ssh key.');
  if (instance.attachedKeys.some((key) => key.publicKey === publicKey)) {
    throw new FakeRefusal(400, 'invalid_args', 'SSH key is already attached (duplicate).');
  }
  call.world.nextKeyId += 1;
  instance.attachedKeys.push({ id: call.world.nextKeyId, publicKey, createdAtSeconds: call.world.nowMs() / 1000 });
  await instance.container?.addKeys([publicKey]);
  return { success: true, msg: 'SSH key attached successfully' };
}

function charges({ world, account, query }: FakeCall): object {
  const { day, type } = jsonQuery(query, 'select_filters');
  if (typeof day?.['gte'] !== 'number' || typeof day['lte'] !== 'number') {
    throw new FakeRefusal(400, 'invalid_request', 'day.gte and day.lte are required');
  }
  const wanted = (type?.['in'] ?? ['instance']) as unknown[];
  const rows = wanted.includes('instance') ? chargeRows(world, account.id, day['gte'], day['lte']) : [];
  const limit = Math.min(Number(query.get('limit') ?? 100), 500);
  const from = Number(query.get('after_token') ?? 0);
  if (!Number.isInteger(from)) throw new FakeRefusal(400, 'invalid_token', 'after_token is not valid');
  const page = rows.slice(from, from + limit);
  const next = from + limit < rows.length ? String(from + limit) : null;
  return { success: true, count: page.length, total: rows.length, next_token: next, results: page };
}
