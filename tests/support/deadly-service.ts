import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen, urlOf } from './fake-vast/fake-http';
import { closeServer, type FakeVast } from './fake-vast/fake-vast';

/** When the dashboard dies of a request: before the service has it, before the answer comes, or a moment after that. */
export type DeadlyMoment = 'before' | 'after' | 'a moment after the answer to';

/** Commits follow an answer within milliseconds. */
const LONGEST_MOMENT_MS = 40;

/** What the dashboard asked for, with the stage of the rental, as `there: GET instances/id`. */
export type RequestKind = string;

export interface DeadlyOptions {
  readonly moment: DeadlyMoment;
  readonly isDeadly: (kind: RequestKind) => boolean;
  readonly random: () => number;
}

/**
 * The fake service behind a door at which the dashboard is killed: once for each kind of request in each stage of a
 * rental, so that a journey through all of them dies at every one.
 */
export class DeadlyService {
  readonly #fake: FakeVast;
  readonly #options: DeadlyOptions;
  readonly #server: Server;
  /** Kills the dashboard, waits for its end, and starts it again. */
  #kill: (() => Promise<void>) | null = null;
  #open: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });
  #isKilling = false;
  /** A person wants the machine to go. */
  isUnwanted = false;
  /** At what it was killed, in this order. */
  readonly deaths: RequestKind[] = [];
  readonly #killedAt = new Set<RequestKind>();
  /** How many machines there were at once, at most. */
  mostPresent = 0;
  /** Whether the dashboard that lives now has seen a list of everything. */
  hasLooked = false;

  private constructor(fake: FakeVast, options: DeadlyOptions, server: Server) {
    this.#fake = fake;
    this.#options = options;
    this.#server = server;
  }

  static async open(fake: FakeVast, options: DeadlyOptions): Promise<DeadlyService> {
    let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async () => undefined;
    const server = await listen(0, (request, response) => handle(request, response));
    const service = new DeadlyService(fake, options, server);
    handle = (request, response) => service.#answer(request, response);
    return service;
  }

  get url(): string {
    return urlOf(this.#server);
  }

  /** Until now every request has waited; from now on it is answered, or deadly. */
  arm(kill: () => Promise<void>): void {
    this.#kill = kill;
    this.#open();
  }

  /** No request is deadly from now on; waits for the dashboard that is being started again. */
  async disarm(): Promise<void> {
    while (this.#isKilling) await sleep(20);
    this.#isKilling = true;
  }

  async close(): Promise<void> {
    this.#open();
    await closeServer(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(request);
    await this.#opened;
    const { moment, random, isDeadly: isDeadlyKind } = this.#options;
    const kind = `${this.#stage()}: ${requestKind(request, body)}`;
    // Nobody waits any more for the answer to a request of a dead process.
    const isAlive = !request.socket.destroyed && !this.#isKilling;
    const isDeadly = isAlive && !this.#killedAt.has(kind) && isDeadlyKind(kind);
    if (isDeadly) {
      this.#isKilling = true;
      this.#killedAt.add(kind);
    }
    if (isDeadly && moment === 'before') return this.#die(kind);
    const answer = await this.#pass(request, body);
    this.mostPresent = Math.max(this.mostPresent, this.#fake.world.living().length);
    if (isDeadly && moment === 'after') return this.#die(kind);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(await answer.text());
    if (kind.endsWith('GET instances')) this.hasLooked = true;
    if (!isDeadly) return;
    const momentMs = random() * LONGEST_MOMENT_MS;
    await sleep(momentMs);
    await this.#die(`${kind} +${Math.round(momentMs)} ms`);
  }

  async #die(death: string): Promise<void> {
    this.deaths.push(death);
    this.hasLooked = false;
    await this.#kill?.();
    this.#isKilling = false;
  }

  #pass({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): Promise<Response> {
    return fetch(`${this.#fake.url}${url}`, {
      method,
      headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
      ...(body === '' ? {} : { body }),
      redirect: 'manual',
    });
  }

  #stage(): string {
    const instances = [...this.#fake.world.instances.values()];
    const living = instances.filter(({ destroyedAtMs }) => destroyedAtMs === null);
    if (instances.length === 0) return 'looking';
    if (living.length === 0) return 'gone';
    if (living.some(({ isDestroying }) => isDestroying)) return 'going';
    return this.isUnwanted ? 'unwanted' : 'there';
  }
}

/** Method and path without ids, and what a list is narrowed to. */
function requestKind({ method, url = '/' }: IncomingMessage, body: string): RequestKind {
  const { pathname, searchParams } = new URL(url, 'http://service');
  const route = pathname
    .replace(/^\/api\/v\d\//, '')
    .replaceAll(/\d+/g, 'id')
    .replace(/\/$/, '');
  const filters = Object.keys(JSON.parse(searchParams.get('select_filters') ?? '{}') as object);
  const isOneOffer = route === 'bundles' && /"(ask_contract_)?id"/.test(body);
  return [`${method} ${route}`, ...filters.map((name) => `by ${name}`), ...(isOneOffer ? ['of one'] : [])].join(' ');
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
