import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FakeHubState, type FoundRepo, refuse } from './fake-hub-state';
import type { FakeCommit, FakeFile } from './fake-repository';

/** Everything below `/api/`. */
export async function answerApi(
  state: FakeHubState,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  found: FoundRepo | null,
): Promise<void> {
  if (!found) {
    const hasToken = request.headers.authorization !== undefined;
    if (hasToken) json(response, { type: 'user', name: 'tester', fullname: 'Tester' });
    else refuse(response, 401, '', 'Invalid username or password.');
    return;
  }
  const [verb = '', revisionText = 'main', ...below] = found.rest === '' ? [] : found.rest.split('/');
  const commit = found.repository.resolve(decodeURIComponent(revisionText));
  if (verb === 'auth-check') {
    if (found.mayFetch) json(response, {});
    else refuse(response, 403, 'GatedRepo', 'Access to this model is restricted');
  } else if (!commit) {
    refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${revisionText}`);
  } else if (verb === '' || verb === 'revision') {
    json(response, modelInfo(found, commit));
  } else if (verb === 'commits') {
    json(response, history(found, commit));
  } else if (verb === 'tree') {
    answerTree(state, response, url, commit, below.map(decodeURIComponent).join('/'));
  } else if (verb === 'paths-info' && request.method === 'POST') {
    const wanted = await readPaths(request);
    json(response, [...commit.files.values()].filter((file) => wanted.includes(file.path)).map(treeEntry));
  } else {
    refuse(response, 404, 'EntryNotFound', 'Not Found');
  }
}

/** A commit and those before it, newest first, as the hub lists them. */
function history({ repository }: FoundRepo, commit: FakeCommit): object[] {
  const ids = [...repository.commits.keys()].reverse();
  return ids.slice(ids.indexOf(commit.id)).map((id) => ({
    id,
    title: 'Upload',
    message: '',
    authors: [{ user: 'tester', avatar: '' }],
    date: '2026-01-01T00:00:00.000Z',
  }));
}

function modelInfo({ name, repository }: FoundRepo, commit: FakeCommit): object {
  return {
    _id: commit.id.slice(0, 24),
    id: name,
    modelId: name,
    author: name.split('/')[0],
    sha: commit.id,
    private: repository.options.isPrivate ?? false,
    gated: repository.options.isGated ? 'manual' : false,
    disabled: false,
    downloads: 0,
    likes: 0,
    tags: [],
    lastModified: '2026-01-01T00:00:00.000Z',
    createdAt: '2026-01-01T00:00:00.000Z',
    siblings: [...commit.files.values()].map((file) => ({
      rfilename: file.path,
      size: file.sizeBytes,
      ...(file.isLfs ? { lfs: { sha256: file.oid, size: file.sizeBytes, pointerSize: 134 } } : { blobId: file.oid }),
    })),
  };
}

function answerTree(state: FakeHubState, response: ServerResponse, url: URL, commit: FakeCommit, below: string): void {
  const isRecursive = /^(true|1)$/i.test(url.searchParams.get('recursive') ?? '');
  const prefix = below === '' ? '' : `${below}/`;
  const entries = new Map<string, object>();
  for (const file of commit.files.values()) {
    if (!file.path.startsWith(prefix)) continue;
    const parts = file.path.slice(prefix.length).split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = prefix + parts.slice(0, depth).join('/');
      if (isRecursive || depth === 1)
        entries.set(folder, { type: 'directory', oid: '0'.repeat(40), size: 0, path: folder });
    }
    if (isRecursive || parts.length === 1) entries.set(file.path, treeEntry(file));
  }
  const start = Number(url.searchParams.get('cursor') ?? 0);
  const page = [...entries.values()].slice(start, start + state.pageSize);
  const next = new URL(url);
  next.searchParams.set('cursor', String(start + state.pageSize));
  const hasMore = start + state.pageSize < entries.size;
  json(response, page, hasMore ? { link: `<${next.href}>; rel="next"` } : {});
}

function treeEntry(file: FakeFile): object {
  if (!file.isLfs) return { type: 'file', oid: file.oid, size: file.sizeBytes, path: file.path };
  return {
    type: 'file',
    // git knows only the pointer of such a file: its oid is another one.
    oid: file.oid.slice(0, 40),
    size: file.sizeBytes,
    path: file.path,
    lfs: { oid: file.oid, size: file.sizeBytes, pointerSize: 134 },
  };
}

async function readPaths(request: IncomingMessage): Promise<string[]> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  if (!(request.headers['content-type'] ?? '').includes('json')) return new URLSearchParams(text).getAll('paths');
  const { paths } = JSON.parse(text) as { paths: string | string[] };
  return Array.isArray(paths) ? paths : [paths];
}

function json(response: ServerResponse, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));
}
