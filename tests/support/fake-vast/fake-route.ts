import type { FakeAccount, FakeScope } from './fake-accounts';
import type { FakeInstance } from './fake-instance';
import { FakeRefusal } from './fake-refusal';
import type { FakeWorld } from './fake-world';

/** What a handler gets to see of a request. */
export interface FakeCall {
  readonly world: FakeWorld;
  /** Whose key it was. */
  readonly account: FakeAccount;
  /** Numbers of the path, in its order. */
  readonly ids: readonly number[];
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Where logs are fetched from: another origin. */
  readonly logUrl: string;
  readonly isTeamKey: boolean;
}

export interface FakeRoute {
  readonly method: string;
  readonly path: RegExp;
  readonly scope: FakeScope;
  /** The name under which requests are counted. */
  readonly name: string;
  readonly thresholdSeconds: number;
  readonly penaltySeconds?: number;
  /** An instance's own key may use it, on that instance. */
  readonly isForOwnKey?: boolean;
  readonly handle: (call: FakeCall) => unknown;
}

/** The instance of the path, as long as its owner can see it. */
export function visibleInstance({ world, ids, account }: FakeCall): FakeInstance | null {
  const instance = world.instances.get(ids[0] ?? -1);
  return instance?.accountId === account.id && !instance.isHidden && instance.destroyedAtMs === null ? instance : null;
}

export function knownInstance(call: FakeCall): FakeInstance {
  const instance = visibleInstance(call);
  if (instance) return instance;
  throw new FakeRefusal(404, 'no_such_instance', `error 404/3500: no_such_instance Instance ${call.ids[0]} not found.`);
}

/** A query value that is JSON, as vast's list routes take it. */
export function jsonQuery(query: URLSearchParams, name: string): Record<string, Record<string, unknown>> {
  try {
    return JSON.parse(query.get(name) ?? '{}') as Record<string, Record<string, unknown>>;
  } catch {
    throw new FakeRefusal(400, 'invalid_request', `${name} is not JSON`);
  }
}
