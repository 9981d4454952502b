import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { FailureError } from '../domain/failure';
import { hashFile, readFileRange } from './file-hash';

const MOST_ENTRIES = 10_000;

/** A folder with a checkpoint on the dashboard's machine. Paths are absolute or start with `~/`. */
export interface LocalFolder {
  /** The regular files directly in the folder, by their names. */
  list(folder: string): Promise<{ path: string; sizeBytes: number }[]>;
  /** Bytes of one of its files, in blocks. */
  read(file: string, offset: number, length: number): AsyncGenerator<Uint8Array>;
  sha256(file: string): Promise<string>;
}

/** Reads a folder that a person named. Links that lead out of it are refused: its owner may not be who asked. */
export const localFolder: LocalFolder = {
  list: (folder) => listFiles(expandHome(folder)),
  async *read(file, offset, length) {
    const handle = await open(await insideItsFolder(expandHome(file)), 'r');
    try {
      yield* readFileRange(handle, offset, length);
    } finally {
      await handle.close();
    }
  },
  async sha256(file) {
    const found = await hashFile(await insideItsFolder(expandHome(file)));
    if (found === null) throw missing(file);
    return found.sha256;
  },
};

async function listFiles(folder: string): Promise<{ path: string; sizeBytes: number }[]> {
  const names = await namesIn(folder);
  if (names.length > MOST_ENTRIES) {
    throw new FailureError(
      'invalid-input',
      `The folder ${folder} holds ${names.length} entries; a checkpoint has a few dozen.`,
      {
        remedy: 'Give the folder in which config.json and the weight files are.',
      },
    );
  }
  const files: { path: string; sizeBytes: number }[] = [];
  for (const name of names.sort()) {
    const target = await insideItsFolder(path.join(folder, name));
    const found = await stat(target);
    if (found.isFile()) files.push({ path: name, sizeBytes: found.size });
  }
  return files;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missing(folder, error);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
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

/** The real path of a file, which must lie in the folder of its name. */
async function insideItsFolder(file: string): Promise<string> {
  try {
    if (!(await lstat(file)).isSymbolicLink()) return file;
    const folder = await realpath(path.dirname(file));
    const target = await realpath(file);
    if (target.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)) return target;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missing(file, error);
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

function missing(file: string, cause?: unknown): FailureError {
  return new FailureError('source-folder-missing', `There is no ${file} on the dashboard's machine.`, {
    remedy: 'Check the path: it is a path on the computer that runs Quantdeck, not on the host.',
    cause,
  });
}

function expandHome(file: string): string {
  return file.startsWith('~/') ? path.join(homedir(), file.slice(2)) : path.resolve(file);
}
