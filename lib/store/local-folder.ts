import { opendir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { FailureError } from '../domain/failure';
import { concernsCheckpoint } from '../model/checkpoint-files';
import { hashFile, openRegularFile, readFileRange } from './file-hash';

const MOST_ENTRIES = 10_000;
const MOST_SUBFOLDERS = 64;
const MOST_HASHES = 10_000;
/** File systems count time in steps of up to two seconds (FAT). */
const SETTLED_MS = 2000;

export interface LocalFile {
  /** Below the folder, with `/` on every system. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** A folder with a checkpoint on the dashboard's machine. Folders are absolute or start with `~/`. */
export interface LocalFolder {
  /** The regular files in the folder and in the folders directly below it; a checkpoint is no deeper. */
  list(folder: string): Promise<LocalFile[]>;
  /** Bytes of one of its files, in blocks. */
  read(folder: string, file: string, offset: number, length: number): AsyncGenerator<Uint8Array>;
  sha256(folder: string, file: string): Promise<string>;
}

/**
 * Reads a folder that a person named. Links that lead out of it are not followed: its owner may not be who asked. It
 * remembers the hash of a file for as long as nothing about the file changed.
 */
export function createLocalFolder(): LocalFolder {
  const known = new Map<string, { readonly state: string; readonly sha256: string }>();
  return {
    list: (folder) => listFiles(expandHome(folder)),
    async *read(folder, file, offset, length) {
      const handle = await openRegularFile(await insideFolder(expandHome(folder), file));
      if (handle === null) throw missing(path.join(folder, file));
      try {
        yield* readFileRange(handle, offset, length);
      } finally {
        await handle.close();
      }
    },
    async sha256(folder, file) {
      const target = await insideFolder(expandHome(folder), file);
      const before = await stateOf(target);
      const kept = known.get(target);
      if (kept && kept.state === before) return kept.sha256;
      const found = await hashFile(target);
      if (found === null) throw missing(path.join(folder, file));
      // What changed while it was read has no hash that could be trusted later.
      if ((await stateOf(target)) === before) remember(known, target, { state: before, sha256: found.sha256 });
      return found.sha256;
    },
  };
}

/**
 * Changes whenever the content may have: a tool that copies files can set back their time of change, but not the time at
 * which it did so. A file that changed within the last two seconds may change once more within the same tick of its disk's
 * clock, so its state equals no other.
 */
async function stateOf(file: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await stat(file, { bigint: true });
  const isFresh = BigInt(Date.now() - SETTLED_MS) * 1_000_000n < (mtimeNs > ctimeNs ? mtimeNs : ctimeNs);
  return isFresh ? `fresh ${process.hrtime.bigint()}` : [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

function remember<T>(known: Map<string, T>, key: string, value: T): void {
  const [oldest] = known.keys();
  if (known.size >= MOST_HASHES && oldest !== undefined) known.delete(oldest);
  known.set(key, value);
}

async function listFiles(folder: string): Promise<LocalFile[]> {
  const top = await entriesIn(folder, '');
  const subfolders = top.filter((entry) => entry.isFolder).map((entry) => entry.path);
  // Those that a checkpoint has come first, so that a hundred others cannot push them out.
  subfolders.sort((a, b) => Number(concernsCheckpoint(b)) - Number(concernsCheckpoint(a)));
  const files = top.filter((entry) => !entry.isFolder);
  for (const subfolder of subfolders.slice(0, MOST_SUBFOLDERS)) {
    const inside = await entriesIn(folder, subfolder);
    files.push(...inside.filter((entry) => !entry.isFolder));
    if (files.length > MOST_ENTRIES) throw tooMany(folder);
  }
  return files.map(({ path: name, sizeBytes }) => ({ path: name, sizeBytes }));
}

interface Entry extends LocalFile {
  readonly isFolder: boolean;
}

/** Files and folders directly in one folder, sorted by name. */
async function entriesIn(root: string, subfolder: string): Promise<Entry[]> {
  const names = await namesIn(root, subfolder);
  const entries: Entry[] = [];
  for (const name of names.sort()) {
    const relative = subfolder === '' ? name : `${subfolder}/${name}`;
    const target = await insideFolder(root, relative).catch((error: unknown) => {
      // A link that leads out or nowhere only matters in the place of a file that would be sent.
      if (concernsCheckpoint(relative)) throw error;
      return null;
    });
    const found = target === null ? null : await stat(target);
    if (found?.isFile() || found?.isDirectory()) {
      entries.push({ path: relative, sizeBytes: found.size, isFolder: found.isDirectory() });
    }
  }
  return entries;
}

async function namesIn(root: string, subfolder: string): Promise<string[]> {
  const folder = path.join(root, subfolder);
  const names: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      names.push(entry.name);
      if (names.length > MOST_ENTRIES) throw tooMany(folder);
    }
    return names;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missing(folder, error);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    if (subfolder !== '' && !concernsCheckpoint(subfolder)) return [];
    throw new FailureError(
      'source-folder-missing',
      `The folder ${folder} on the dashboard's machine may not be read.`,
      {
        remedy: 'Give the user that runs Quantdeck the right to read it.',
        cause: error,
      },
    );
  }
}

/** The real path of something below a folder, which must lie in that folder whatever links are on the way. */
async function insideFolder(folder: string, relative: string): Promise<string> {
  const file = path.join(folder, relative);
  let target: string;
  try {
    const root = await realpath(folder);
    target = await realpath(file);
    if (target.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) return target;
  } catch (error) {
    if (/^(ENOENT|ELOOP)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw missing(file, error);
    throw error;
  }
  throw new FailureError(
    'invalid-input',
    `${file} is a link that leads out of its folder; such links are not followed.`,
    {
      remedy: 'Copy the folder with its real files (cp -rL), and give the copy.',
    },
  );
}

function tooMany(folder: string): FailureError {
  return new FailureError(
    'invalid-input',
    `The folder ${folder} holds more than ${MOST_ENTRIES} entries; a checkpoint has a few dozen.`,
    { remedy: 'Give the folder in which config.json and the weight files are.' },
  );
}

function missing(file: string, cause?: unknown): FailureError {
  return new FailureError('source-folder-missing', `There is no ${file} on the dashboard's machine.`, {
    remedy: 'Check the path: it is a path on the computer that runs Quantdeck, not on the host.',
    cause,
  });
}

function expandHome(file: string): string {
  return file.startsWith('~/') ? path.join(homedir(), file.slice(2)) : path.resolve(file);
}
