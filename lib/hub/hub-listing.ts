import { listFiles, modelInfo } from '@huggingface/hub';
import { FailureError } from '../domain/failure';
import { HUB_REPO_PATTERN } from '../domain/source';

export interface HubFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** sha256 of the content for LFS files; null for small files kept in git. */
  readonly sha256: string | null;
  /** git blob sha1 of a small file. */
  readonly gitOid: string | null;
  /** Where to fetch it from, at the pinned commit. No token inside. */
  readonly url: string;
}

export interface HubListing {
  readonly repo: string;
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/** A model has a few hundred files at most; an endless listing must not fill memory. */
const MAX_FILES = 20_000;

/**
 * Resolves a revision to its commit and lists that commit's files. The repository may have been renamed: the hub's own
 * name for it is used from then on.
 * @throws FailureError as `hub-failure.ts` maps it.
 */
export async function listHubFiles(
  endpoint: string,
  repo: string,
  revision: string,
  fetchHere: typeof fetch,
): Promise<HubListing> {
  const info = await modelInfo({ name: repo, revision, hubUrl: endpoint, fetch: fetchHere, additionalFields: ['sha'] });
  const name = HUB_REPO_PATTERN.test(info.name) ? info.name : repo;
  const commit = info.sha;
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new TypeError(`no commit in the answer: ${JSON.stringify(commit ?? null)}`);
  const files: HubFile[] = [];
  const entries = listFiles({
    repo: { type: 'model', name },
    revision: commit,
    recursive: true,
    hubUrl: endpoint,
    fetch: fetchHere,
  });
  for await (const entry of entries) {
    if (entry.type !== 'file') continue;
    if (files.length >= MAX_FILES) {
      throw new FailureError('invalid-input', `${name} has more than ${MAX_FILES} files, which no model needs.`, {
        remedy: 'Check that this is a model and not a collection of data.',
      });
    }
    files.push({
      path: entry.path,
      sizeBytes: entry.lfs?.size ?? entry.size,
      sha256: entry.lfs?.oid ?? null,
      gitOid: entry.lfs ? null : (entry.oid ?? null),
      url: fileUrl(endpoint, name, commit, entry.path),
    });
  }
  // A gated model lists its files for everybody; only asking for one tells whether they may be fetched.
  const probe = files.find((file) => file.path === 'config.json') ?? files[0];
  if (info.gated && probe) await fetchHere(probe.url, { method: 'HEAD' });
  return { repo: name, commit, files };
}

/** Where the hub serves one file of one commit. */
export function fileUrl(endpoint: string, repo: string, commit: string, path: string): string {
  const name = repo.split('/').map(encodeURIComponent).join('/');
  return `${endpoint}/${name}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
