import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './run-program.mjs';

/**
 * One hash over files and folders, by content and relative path; what does not exist counts as absent.
 * @param {string[]} entries relative to the project
 * @param {(file: string) => boolean} [isSkipped] by relative path with forward slashes
 */
export function hashOf(entries, isSkipped = () => false) {
  const hash = createHash('sha256');
  for (const file of entries.flatMap((entry) => filesUnder(entry, isSkipped))) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(path.join(ROOT, file)));
    hash.update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(entry, isSkipped) {
  const absolute = path.join(ROOT, entry);
  if (isSkipped(entry) || !existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [entry];
  const names = readdirSync(absolute).sort();
  return names.flatMap((name) => filesUnder(`${entry}/${name}`, isSkipped));
}

/** The hash written by `writeStamp`, null when there is none: the work was never finished. */
export function readStamp(file) {
  try {
    return readFileSync(path.join(ROOT, file), 'utf8').trim();
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Remembers that the work for this hash is finished. Written last, so that a cut in the middle means "do it again". */
export function writeStamp(file, hash) {
  mkdirSync(path.dirname(path.join(ROOT, file)), { recursive: true });
  writeFileSync(path.join(ROOT, file), `${hash}\n`);
}

/** Forgets a stamp before the work begins. */
export function removeStamp(file) {
  rmSync(path.join(ROOT, file), { force: true });
}
