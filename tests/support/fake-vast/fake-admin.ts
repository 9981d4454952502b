import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { FAKE_KEYS } from './fake-accounts';
import { FAKE_FAULT_KINDS, type FakeFaultKind } from './fake-faults';
import { listen } from './fake-http';
import { FAKE_SCENARIOS, type FakeScenario } from './fake-instance';
import type { FakeVast } from './fake-vast';

type Body = Readonly<Record<string, unknown>>;
type Verb = (fake: FakeVast, body: Body) => unknown;

const HELP = `POST JSON to one of these; GET /state shows everything.
  /clock      {"speed": 10} or {"advanceMs": 60000}
  /faults     {"kinds": ["server-error"], "match": "PUT /api/v0/asks", "times": 1, "probability": 1} or {"storm": 0.3, "seed": 7} or {}
  /expect     {"scenarios": ["image-missing"]}: how the next rented machines behave
  /account    {"id": 424242, "creditUsd": 0.5, "isEmailVerified": false, "isSpendLimited": true}
  /world      {"movesOnStart": true, "givesPortsAway": true, "hasPortsById": false, "ignoredFilter": "inet_down", "rateLimitStyle": "json"}
  /instance   {"id": 33400001, "do": "lose-host" | "find-host" | "end-container" | "take-away" | "take-gpu" | "free-gpu"}
  kinds:      ${FAKE_FAULT_KINDS.join(' ')}
  scenarios:  ${FAKE_SCENARIOS.join(' ')}
`;

const VERBS: Readonly<Record<string, Verb>> = {
  '/clock': async ({ clock }, { speed, advanceMs }) => {
    if (typeof speed === 'number') clock.setSpeed(speed);
    if (typeof advanceMs === 'number') await clock.advance(advanceMs);
  },
  '/faults': ({ faults }, { kinds, match, times, probability, storm, seed }) => {
    if (typeof storm === 'number') return faults.storm(Number(seed ?? 1), storm);
    const named = (Array.isArray(kinds) ? (kinds as FakeFaultKind[]) : []).map((kind) => ({
      kind,
      ...(typeof match === 'string' ? { match: new RegExp(match) } : {}),
      ...(typeof times === 'number' ? { times } : {}),
      ...(typeof probability === 'number' ? { probability } : {}),
    }));
    faults.set(named);
  },
  '/expect': (fake, { scenarios }) => fake.expect(...((scenarios ?? []) as FakeScenario[])),
  '/account': ({ world }, { id, creditUsd, isEmailVerified, isSpendLimited }) => {
    const account = world.account(typeof id === 'number' ? id : undefined);
    if (typeof creditUsd === 'number') account.creditUsd = creditUsd;
    if (typeof isEmailVerified === 'boolean') account.isEmailVerified = isEmailVerified;
    if (typeof isSpendLimited === 'boolean') account.isSpendLimited = isSpendLimited;
  },
  '/world': ({ world, limiter }, { movesOnStart, givesPortsAway, hasPortsById, ignoredFilter, rateLimitStyle }) => {
    if (typeof movesOnStart === 'boolean') world.movesOnStart = movesOnStart;
    if (typeof givesPortsAway === 'boolean') world.givesPortsAway = givesPortsAway;
    if (typeof hasPortsById === 'boolean') world.hasPortsById = hasPortsById;
    if (ignoredFilter === null || typeof ignoredFilter === 'string') world.ignoredFilter = ignoredFilter;
    if (rateLimitStyle === 'text' || rateLimitStyle === 'json' || rateLimitStyle === 'header')
      limiter.style = rateLimitStyle;
  },
  '/instance': (fake, { id, do: verb }) => {
    const verbs: Readonly<Record<string, (id: number) => unknown>> = {
      'lose-host': fake.loseHost,
      'find-host': fake.findHost,
      'end-container': fake.endContainer,
      'take-away': fake.takeAway,
      'take-gpu': fake.takeGpu,
      'free-gpu': fake.freeGpu,
    };
    return (verbs[String(verb)] ?? unknownVerb)(Number(id));
  },
};

function unknownVerb(): never {
  throw new Error('no such thing to do');
}

/** A door beside the API, for people and for tests in another process. Not a part of vast's API, and on another port. */
export function listenAdmin(fake: FakeVast, port: number): Promise<Server> {
  return listen(port, (request, response) => answer(fake, request, response));
}

async function answer(fake: FakeVast, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (request.method === 'GET' && path === '/state') {
    return json(response, 200, stateOf(fake));
  }
  const verb = request.method === 'POST' ? VERBS[path] : undefined;
  if (!verb) {
    response.writeHead(path === '/' ? 200 : 404, { 'content-type': 'text/plain' }).end(HELP);
    return;
  }
  try {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    await verb(fake, JSON.parse(text === '' ? '{}' : text) as Body);
    await fake.world.settle();
    json(response, 200, stateOf(fake));
  } catch (error) {
    json(response, 400, { error: String(error) });
  }
}

function stateOf({ world, clock, faults, requests, violations }: FakeVast): object {
  return {
    now: new Date(clock.nowMs()).toISOString(),
    speed: clock.speed,
    accounts: world.accounts,
    keys: FAKE_KEYS,
    faults: Object.fromEntries(faults.counts),
    requests: requests.length,
    violations,
    instances: [...world.instances.values()].map((instance) => ({
      id: instance.id,
      account: instance.accountId,
      label: instance.label,
      offer: instance.offer.id,
      scenario: instance.scenario,
      actual: instance.actual,
      intended: instance.intended,
      address: instance.arePortsShown ? `${instance.publicIp}:${instance.hostPort}` : null,
      destroyedAt: instance.destroyedAtMs === null ? null : new Date(instance.destroyedAtMs).toISOString(),
      meter: instance.meter,
    })),
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`);
}
