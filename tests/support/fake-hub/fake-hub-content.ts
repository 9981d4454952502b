import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { faultyBody } from './fake-hub-fault';
import { type FakeHubState, type FoundRepo, refuse } from './fake-hub-state';
import type { FakeFile } from './fake-repository';

/** `/{owner}/{name}/resolve/{revision}/{path}`: small files directly, LFS by a redirect to the other origin. */
export async function answerResolve(
  state: FakeHubState,
  request: IncomingMessage,
  response: ServerResponse,
  _url: URL,
  found: FoundRepo | null,
): Promise<void> {
  const [verb, revision = '', ...parts] = found?.rest.split('/') ?? [];
  const commit = found?.repository.resolve(decodeURIComponent(revision)) ?? null;
  const file = commit?.files.get(parts.map(decodeURIComponent).join('/'));
  if (!found || verb !== 'resolve') return refuse(response, 404, '', 'Not Found');
  if (!found.mayFetch) {
    const status = request.headers.authorization === undefined ? 401 : 403;
    return refuse(response, status, 'GatedRepo', `Access to model ${found.name} is restricted.`);
  }
  if (!commit) return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
  if (!file) return refuse(response, 404, 'EntryNotFound', 'Entry not found', { 'x-repo-commit': commit.id });
  response.setHeader('x-repo-commit', commit.id);
  response.setHeader('accept-ranges', 'bytes');
  if (!file.isLfs) return sendRange(state, request, response, file);
  response
    .writeHead(302, {
      location: `${state.cdnUrl}/cdn/${file.oid}`,
      'x-linked-etag': `"${file.oid}"`,
      'x-linked-size': String(file.sizeBytes),
    })
    .end();
}

/** The second origin: content by its hash, to whoever asks, as behind a signed URL. */
export async function answerContent(
  state: FakeHubState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const oid = /^\/cdn\/([0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
  for (const repository of state.repos.values()) {
    for (const commit of repository.commits.values()) {
      for (const file of commit.files.values()) {
        if (file.oid === oid) return sendRange(state, request, response, file);
      }
    }
  }
  refuse(response, 404, '', 'Not Found');
}

async function sendRange(
  state: FakeHubState,
  request: IncomingMessage,
  response: ServerResponse,
  file: FakeFile,
): Promise<void> {
  const line = `${request.method} ${request.url}`;
  const isIgnored = state.takeFault(line, ['no-ranges']) !== null;
  const range = isIgnored ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = range ? Number(range[1]) : 0;
  const to = range?.[2] ? Math.min(Number(range[2]) + 1, file.sizeBytes) : file.sizeBytes;
  if (range && from >= file.sizeBytes) {
    response.writeHead(416, { 'content-range': `bytes */${file.sizeBytes}` }).end();
    return;
  }
  const status = state.takeFault(line, ['status']);
  if (status) return refuse(response, status.status ?? 500, '', 'a fault of the test', status.headers);
  response.writeHead(range ? 206 : 200, {
    etag: `"${file.oid}"`,
    'content-length': String(to - from),
    'accept-ranges': 'bytes',
    ...(range ? { 'content-range': `bytes ${from}-${to - 1}/${file.sizeBytes}` } : {}),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const fault = state.takeFault(line, ['cut', 'flip', 'slow']);
  const source = file.open(from, to);
  try {
    if (fault)
      await pipeline(
        source,
        faultyBody(fault, () => request.socket.destroy()),
        response,
      );
    else await pipeline(source, response);
  } catch (error) {
    // A client that hangs up, or a cut of ours: the connection is gone, there is nobody to tell.
    if (!response.destroyed) throw error;
  }
}
