import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNT_ROUTES } from './fake-account-routes';
import { accountIdOf, checkAccess } from './fake-accounts';
import type { FakeFault, FakeFaults } from './fake-faults';
import { INSTANCE_ROUTES } from './fake-instance-routes';
import { OFFER_ROUTES } from './fake-offer-routes';
import { type FakeRateLimiter, rateLimitAnswer } from './fake-rate-limit';
import { FakeRefusal } from './fake-refusal';
import type { FakeRoute } from './fake-route';
import type { FakeWorld } from './fake-world';

const ROUTES: readonly FakeRoute[] = [...OFFER_ROUTES, ...INSTANCE_ROUTES, ...ACCOUNT_ROUTES];
const MOST_BODY_BYTES = 1_000_000;

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: string;
}

export interface FakeHttpParts {
  readonly world: FakeWorld;
  readonly limiter: FakeRateLimiter;
  readonly faults: FakeFaults;
  readonly requests: FakeRequest[];
  /** What no client may do, though the real service would let it pass. */
  readonly violations: string[];
}

/** The API, and the other origin that logs are fetched from. */
export async function listenHttp(parts: FakeHttpParts, port: number): Promise<{ api: Server; logs: Server }> {
  const logs = await listen(0, (request, response) => answerLogs(parts, request, response));
  const logUrl = urlOf(logs);
  const api = await listen(port, (request, response) => answer(parts, logUrl, request, response));
  return { api, logs };
}

export function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function listen(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Server> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return server;
}

async function answer(
  parts: FakeHttpParts,
  logUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { world, limiter, faults, requests, violations } = parts;
  const url = new URL(request.url ?? '/', 'http://fake');
  const method = request.method ?? 'GET';
  const text = await readBody(request);
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
  if (url.searchParams.has('api_key')) violations.push(`key in the address: ${method} ${url.pathname}`);
  response.on('close', () => {
    requests.push({
      method,
      path: request.url ?? '',
      status: response.statusCode,
      body: text,
    });
  });
  const fault = faults.take(`${method} ${url.pathname}`);
  if (fault && answerWithFault(fault, request, response)) return;
  await world.settle();
  try {
    const route = ROUTES.find((each) => each.method === method && each.path.test(url.pathname));
    if (!route) throw new FakeRefusal(404, 'not_found', 'Not Found');
    const limited = limiter.check(
      `${bearer} ${method} ${route.name}`,
      route.thresholdSeconds,
      route.penaltySeconds ?? 0,
      world.clock.nowMs(),
    );
    if (limited) {
      response.writeHead(429, limited.headers).end(limited.body);
      return;
    }
    const ids = (route.path.exec(url.pathname) ?? []).slice(1).map(Number);
    const own = world.instances.get(ids[0] ?? -1);
    const isOwn = route.isForOwnKey === true && own !== undefined && own.apiKey === bearer;
    const kind = checkAccess(bearer, route.scope, isOwn);
    const body = parseBody(text);
    const reply = await route.handle({
      world,
      account: world.account(kind === 'instance' ? own?.accountId : accountIdOf(bearer)),
      ids,
      query: url.searchParams,
      body,
      logUrl,
      isTeamKey: kind === 'team',
    });
    await deliver(fault, request, response, reply);
  } catch (error) {
    if (!(error instanceof FakeRefusal)) throw error;
    json(response, error.status, { success: false, error: error.code, msg: error.message, ...error.more });
  }
}

/** Faults that come instead of what was asked; true when that was one. */
function answerWithFault(fault: FakeFault, request: IncomingMessage, response: ServerResponse): boolean {
  switch (fault.kind) {
    case 'rate-limit-text':
    case 'rate-limit-json':
    case 'rate-limit-header': {
      const style = fault.kind.slice('rate-limit-'.length) as 'text' | 'json' | 'header';
      const { body, headers } = rateLimitAnswer(style, 1, 2);
      response.writeHead(429, headers).end(body);
      return true;
    }
    case 'server-error':
      response.writeHead(fault.status ?? 503, { 'content-type': 'text/plain' }).end('upstream error');
      return true;
    case 'web-page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Just a moment...</title>');
      return true;
    case 'malformed':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"success": true, "instances": [{"id": 1');
      return true;
    case 'refused':
      json(response, 200, { success: false, error: 'internal_error', msg: 'something went wrong' });
      return true;
    case 'hang-up':
      request.socket.destroy();
      return true;
    default:
      return false;
  }
}

/** Faults of the answer alone: what was asked has been done. */
async function deliver(
  fault: FakeFault | null,
  request: IncomingMessage,
  response: ServerResponse,
  reply: unknown,
): Promise<void> {
  if (fault?.kind === 'reply-lost') {
    request.socket.destroy();
    return;
  }
  if (fault?.kind === 'slow') await sleep(fault.delayMs ?? 1000);
  json(response, 200, reply);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MOST_BODY_BYTES) throw new Error('too much');
  }
  return text;
}

function parseBody(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new FakeRefusal(483, 'invalid_request', 'Invalid json_body');
  }
}

const EARLY_POLLS = 2;
const BAD_MODES = 'Authentication refused: bad ownership or modes for file /root/.ssh/authorized_keys\n';

/** Logs appear a little after they were asked for, and nobody shows a key here. */
async function answerLogs(
  { world, violations }: FakeHttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.headers.authorization !== undefined) violations.push('key sent to the origin of the logs');
  const [, id, tail] = /^\/instance_logs\/(\d+)-(\d+)\.log$/.exec(request.url ?? '') ?? [];
  const polls = (world.logPolls.get(String(request.url)) ?? 0) + 1;
  world.logPolls.set(String(request.url), polls);
  const instance = world.instances.get(Number(id));
  if (!instance || polls <= EARLY_POLLS) {
    response.writeHead(polls % 2 === 0 ? 403 : 404, { 'content-type': 'application/xml' }).end('<Error/>');
    return;
  }
  const own = (await instance.container?.logs()) ?? `${instance.statusText ?? 'waiting on logs'}\n`;
  const text = instance.scenario === 'key-never-accepted' ? `${own}${BAD_MODES}` : own;
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`${text.split('\n').slice(-Number(tail)).join('\n')}`);
}
