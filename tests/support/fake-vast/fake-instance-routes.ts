import { checkMoney } from './fake-accounts';
import { type FakeInstance, instanceJson, isListed } from './fake-instance';
import { destroyInstance, rebootInstance, startInstance, stopInstance } from './fake-life';
import { FakeRefusal } from './fake-refusal';
import { type FakeCall, type FakeRoute, jsonQuery, knownInstance, visibleInstance } from './fake-route';

const MOST_PER_PAGE = 25;
const STORED_COLUMNS = new Set(['id', 'label', 'actual_status', 'gpu_name', 'verification', 'machine_id']);

/** Rented instances: reading them, and what may be done with one. */
export const INSTANCE_ROUTES: readonly FakeRoute[] = [
  {
    method: 'GET',
    path: /^\/api\/v1\/instances\/$/,
    scope: 'instance_read',
    name: 'v1/instances',
    thresholdSeconds: 1,
    handle: list,
  },
  {
    method: 'GET',
    path: /^\/api\/v0\/instances\/$/,
    scope: 'instance_read',
    name: 'v0/instances',
    thresholdSeconds: 1,
    handle: () => {
      throw new FakeRefusal(
        410,
        'deprecated_endpoint',
        '/api/v0/instances/ is deprecated. Use /api/v1/instances/ instead.',
      );
    },
  },
  {
    method: 'GET',
    path: /^\/api\/v0\/instances\/(\d+)\/$/,
    scope: 'instance_read',
    name: 'instance',
    thresholdSeconds: 2,
    isForOwnKey: true,
    handle: (call) => {
      const instance = visibleInstance(call);
      return { instances: instance ? shown(call, instance, call.world.hasPortsById) : null };
    },
  },
  {
    method: 'PUT',
    path: /^\/api\/v0\/instances\/(\d+)\/$/,
    scope: 'instance_write',
    name: 'instance',
    thresholdSeconds: 1,
    isForOwnKey: true,
    handle: change,
  },
  {
    method: 'PUT',
    path: /^\/api\/v0\/instances\/reboot\/(\d+)\/$/,
    scope: 'instance_write',
    name: 'reboot',
    thresholdSeconds: 1,
    handle: (call) => {
      rebootInstance(call.world, knownInstance(call));
      return { success: true };
    },
  },
  {
    method: 'DELETE',
    path: /^\/api\/v0\/instances\/(\d+)\/$/,
    scope: 'instance_write',
    name: 'instance',
    thresholdSeconds: 3,
    isForOwnKey: true,
    handle: (call) => {
      destroyInstance(call.world, knownInstance(call));
      return { success: true, msg: `destroying instance ${call.ids[0]}.` };
    },
  },
];

function shown({ world }: FakeCall, instance: FakeInstance, hasPorts: boolean): object {
  return instanceJson(instance, { nowMs: world.nowMs(), hasPorts });
}

function change(call: FakeCall): object {
  const instance = knownInstance(call);
  const { state, label } = call.body;
  if (typeof label === 'string') {
    if (label.length > 1024) throw new FakeRefusal(400, 'invalid_args', 'label too long');
    instance.label = label;
  } else if (state === 'stopped') {
    stopInstance(call.world, instance);
  } else if (state === 'running') {
    checkMoney(call.account);
    const queued = startInstance(call.world, instance);
    if (queued !== null) return { success: false, error: 'resources_unavailable', msg: queued };
  } else {
    throw new FakeRefusal(400, 'invalid_args', 'state must be running or stopped');
  }
  return { success: true };
}

function list(call: FakeCall): object {
  const { world, account, query } = call;
  const own = [...world.instances.values()].filter(({ accountId }) => accountId === account.id);
  const all = own.filter((each) => isListed(each, world.nowMs())).sort((a, b) => b.id - a.id);
  const found = all.filter((instance) => matches(instance, jsonQuery(query, 'select_filters')));
  const limit = Math.min(Number(query.get('limit') ?? MOST_PER_PAGE), MOST_PER_PAGE);
  const from = startOf(query.get('after_token'));
  const page = found.filter((instance) => instance.id < from).slice(0, limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && found.some((instance) => instance.id < last.id);
  return {
    success: true,
    instances_found: found.length,
    total_instances: all.length,
    label_counts: {},
    next_token: hasMore ? Buffer.from(`after:${last.id}`).toString('base64url') : null,
    instances: page.map((instance) => shown(call, instance, true)),
  };
}

function startOf(token: string | null): number {
  if (token === null || token === '') return Number.POSITIVE_INFINITY;
  const id = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (id === undefined) throw new FakeRefusal(400, 'invalid_token', 'after_token is not valid');
  return Number(id);
}

function matches(instance: FakeInstance, filters: Record<string, Record<string, unknown>>): boolean {
  const row: Record<string, unknown> = {
    id: instance.id,
    label: instance.label,
    actual_status: instance.actual,
    machine_id: instance.offer.machine_id,
    gpu_name: instance.offer.gpu_name,
    verification: instance.offer.verification,
  };
  return Object.entries(filters).every(([name, condition]) => {
    if (!STORED_COLUMNS.has(name)) throw new FakeRefusal(400, 'invalid_request', `${name} cannot be filtered`);
    return Object.entries(condition).every(([operator, wanted]) => {
      if (operator === 'eq') return row[name] === wanted;
      if (operator === 'in') return (wanted as unknown[]).includes(row[name]);
      throw new FakeRefusal(400, 'invalid_request', `${operator} is not a valid search op`);
    });
  });
}
