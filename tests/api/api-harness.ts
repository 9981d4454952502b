import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openClient } from '../../lib/store/client';
import type { PrismaClient } from '../../lib/store/generated/client';
import { migrate } from '../../lib/store/migrate';
import { clearRuntime, setRuntime } from '../../lib/store/runtime';
import { hashToken } from '../../lib/store/token-hash';

export const ORIGIN = 'http://127.0.0.1:3000';
export const SESSION = 'a-session-cookie-of-the-tests-0123456789abcdef';
export const READ_TOKEN = 'qd_read_0123456789abcdef0123456789abcdef';
export const WRITE_TOKEN = 'qd_write_0123456789abcdef0123456789abcdef';

export interface ApiHarness {
  readonly client: PrismaClient;
  close(): Promise<void>;
}

/** A real database in a folder of its own with one account, one open session, two tokens and two instances. */
export async function openApi(): Promise<ApiHarness> {
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'quantdeck-api-'));
  await migrate(dataFolder, path.resolve('prisma/migrations'));
  const client = await openClient(dataFolder);
  setRuntime({
    client,
    dataFolder,
    masterKey: Buffer.alloc(32, 7),
    allowedOrigins: [ORIGIN],
    secureCookies: false,
    wakeListeners: new Set(),
  });
  await fill(client);
  return {
    client,
    close: async () => {
      clearRuntime();
      await client.$disconnect();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function fill(client: PrismaClient): Promise<void> {
  const now = new Date();
  await client.user.create({ data: { id: 'u1', name: 'admin', passwordHash: 'not-used-here' } });
  const expiresAt = new Date(now.getTime() + 3_600_000);
  await client.session.create({
    data: { id: hashToken(SESSION), userId: 'u1', userAgent: 'tests', lastSeenAt: now, expiresAt },
  });
  const tokens = [
    { id: 't1', name: 'reader', tokenHash: hashToken(READ_TOKEN), scopes: 'read' },
    { id: 't2', name: 'writer', tokenHash: hashToken(WRITE_TOKEN), scopes: 'read,write' },
  ];
  await client.apiToken.createMany({ data: tokens });
  const common = { port: 22, user: 'root', auth: 'key', checkState: 'ok' };
  await client.instance.createMany({
    data: [
      { id: 'm1', kind: 'this-machine', name: 'This machine', host: '127.0.0.1', ...common },
      { id: 'h1', kind: 'ssh', name: 'Rented 4090', host: '136.59.129.136', ...common },
    ],
  });
}

export interface RequestOptions {
  readonly method?: string;
  readonly token?: string;
  readonly cookie?: string;
  readonly origin?: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** A request as Next hands it to a route. */
export function request(pathAndQuery: string, options: RequestOptions = {}): Request {
  const headers = new Headers({ host: new URL(ORIGIN).host });
  if (options.token) headers.set('authorization', `Bearer ${options.token}`);
  if (options.cookie) headers.set('cookie', `theme=dark; quantdeck_session=${options.cookie}`);
  if (options.origin) headers.set('origin', options.origin);
  if (options.body === undefined)
    return new Request(`${ORIGIN}${pathAndQuery}`, { method: options.method ?? 'GET', headers });
  headers.set('content-type', options.contentType ?? 'application/json');
  const body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
  return new Request(`${ORIGIN}${pathAndQuery}`, { method: options.method ?? 'POST', headers, body });
}

/** What Next passes beside the request. */
export function context<Params extends Record<string, string>>(params: Params): { params: Promise<Params> } {
  return { params: Promise.resolve(params) };
}
