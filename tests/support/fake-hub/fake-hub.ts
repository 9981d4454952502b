import { readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { answerApi } from './fake-hub-api';
import { answerContent, answerResolve } from './fake-hub-content';
import type { FakeHubFault } from './fake-hub-fault';
import { type FakeHubState, type FoundRepo, refuse } from './fake-hub-state';
import { type FakeRepoOptions, FakeRepository } from './fake-repository';

export interface FakeHubOptions {
  readonly repos?: Readonly<Record<string, FakeRepoOptions>>;
  /** A folder of `<owner>/<name>/` folders. */
  readonly folder?: string;
  /** Tokens that the hub knows; any other one is refused. */
  readonly tokens?: readonly string[];
  /** Entries in one page of a file listing. */
  readonly pageSize?: number;
}

export interface FakeHubRequest {
  readonly method: string;
  readonly path: string;
  readonly host: 'hub' | 'cdn';
  readonly authorization: string | null;
  readonly range: string | null;
}

export interface FakeHub {
  readonly url: string;
  /** Where LFS content is redirected to: another origin, as on the real hub. */
  readonly cdnUrl: string;
  readonly requests: readonly FakeHubRequest[];
  /** What it wrote to all connections so far, headers included. */
  bytesSent(): number;
  /** Answers the id of the commit that `main` now stands at. Called again for a name, it adds a commit. */
  addRepo(name: string, repo: FakeRepoOptions): Promise<string>;
  renameRepo(from: string, to: string): void;
  /** The addresses that it gives of itself from now on: those of a line in front of it. */
  showAs(url: string, cdnUrl: string): void;
  setFault(fault: FakeHubFault | null): void;
  close(): Promise<void>;
}

/** A hub on loopback that real clients of the Hugging Face hub work against. */
export async function startFakeHub(options: FakeHubOptions = {}): Promise<FakeHub> {
  let fault: FakeHubFault | null = null;
  let faultsLeft = 0;
  const requests: FakeHubRequest[] = [];
  const sockets = new Set<Socket>();
  let bytesOfClosed = 0;
  const state: FakeHubState = {
    repos: new Map(),
    renamed: new Map(),
    tokens: new Set(options.tokens ?? ['hf_testtoken']),
    pageSize: options.pageSize ?? 1000,
    url: '',
    cdnUrl: '',
    takeFault(request, kinds) {
      if (!fault || faultsLeft <= 0 || !kinds.includes(fault.kind) || !(fault.match ?? /./).test(request)) return null;
      faultsLeft -= 1;
      return fault;
    },
  };
  const listen = async (host: 'hub' | 'cdn', answer: typeof answerHub): Promise<Server> => {
    const server = createServer((request, response) => {
      requests.push(describe(request, host));
      answer(state, request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => {
        sockets.delete(socket);
        bytesOfClosed += socket.bytesWritten;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };
  const hub = await listen('hub', answerHub);
  const cdn = await listen('cdn', answerContent);
  state.url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  state.cdnUrl = `http://127.0.0.1:${(cdn.address() as AddressInfo).port}`;
  const addRepo = async (name: string, repo: FakeRepoOptions): Promise<string> => {
    const existing = state.repos.get(name) ?? new FakeRepository(repo);
    state.repos.set(name, existing);
    return existing.commit(repo);
  };
  for (const [name, repo] of Object.entries(options.repos ?? {})) await addRepo(name, repo);
  if (options.folder !== undefined) await addFolder(options.folder, addRepo);
  return {
    url: state.url,
    cdnUrl: state.cdnUrl,
    requests,
    bytesSent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, bytesOfClosed),
    addRepo,
    renameRepo: (from, to) => {
      const repo = state.repos.get(from);
      if (!repo) throw new Error(`no repository ${from}`);
      state.repos.delete(from);
      state.repos.set(to, repo);
      state.renamed.set(from, to);
    },
    showAs: (url, cdnUrl) => Object.assign(state, { url, cdnUrl }),
    setFault: (next) => {
      fault = next;
      faultsLeft = next?.times ?? Number.POSITIVE_INFINITY;
    },
    close: async () => {
      for (const server of [hub, cdn]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function addFolder(folder: string, addRepo: FakeHub['addRepo']): Promise<void> {
  for (const owner of await readdir(folder)) {
    for (const name of await readdir(path.join(folder, owner))) {
      await addRepo(`${owner}/${name}`, { folder: path.join(folder, owner, name) });
    }
  }
}

function describe(request: IncomingMessage, host: 'hub' | 'cdn'): FakeHubRequest {
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    host,
    authorization: request.headers.authorization ?? null,
    range: request.headers.range ?? null,
  };
}

async function answerHub(state: FakeHubState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const line = `${request.method} ${request.url}`;
  if (state.takeFault(line, ['silent'])) return;
  if (state.takeFault(line, ['hang-up'])) {
    request.socket.destroy();
    return;
  }
  const fault = state.takeFault(line, ['status']);
  if (fault) {
    refuse(response, fault.status ?? 500, '', 'a fault of the test', fault.headers);
    return;
  }
  const url = new URL(request.url ?? '/', state.url);
  const access = findRepo(state, request, response, url);
  if (access === 'answered') return;
  if (url.pathname.startsWith('/api/')) await answerApi(state, request, response, url, access);
  else await answerResolve(state, request, response, url, access);
}

function findRepo(
  state: FakeHubState,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): FoundRepo | null | 'answered' {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
  if (token !== null && !state.tokens.has(token)) {
    refuse(response, 401, '', 'Invalid credentials in Authorization header');
    return 'answered';
  }
  if (url.pathname === '/api/whoami-v2') return null;
  const match = /^(\/api\/models)?\/([^/]+\/[^/]+)(?:\/(.*))?$/.exec(url.pathname);
  const name = match?.[2] ?? '';
  const renamed = state.renamed.get(name);
  if (renamed !== undefined) {
    const location = `${match?.[1] ?? ''}/${renamed}${match?.[3] === undefined ? '' : `/${match[3]}`}${url.search}`;
    response.writeHead(307, { location }).end();
    return 'answered';
  }
  const repository = state.repos.get(name);
  const isAllowed = token !== null && (repository?.options.allowedTokens ?? []).includes(token);
  if (!repository || (repository.options.isPrivate && !isAllowed)) {
    refuseUnknown(response, token);
    return 'answered';
  }
  return { name, repository, rest: match?.[3] ?? '', mayFetch: !repository.options.isGated || isAllowed };
}

/** Missing and private look alike: 401 to nobody in particular, 404 to an account. */
function refuseUnknown(response: ServerResponse, token: string | null): void {
  if (token === null) refuse(response, 401, 'RepoNotFound', 'Invalid username or password.');
  else refuse(response, 404, 'RepoNotFound', 'Repository not found');
}
