import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where the pinned toolchain is on this machine once `npm test` or a job has prepared it. */
const HOME = path.join(homedir(), '.quantdeck');

/** A program of the toolchain's virtual environment, null while it is not prepared. */
export function toolchainProgram(name: string): string | null {
  const found = path.join(HOME, 'toolchains', 'v0.5.0', 'venv', 'bin', name);
  return existsSync(found) ? found : null;
}

/** A file or folder of the per-machine cache, null when it is not there. */
export function cachedPath(...parts: string[]): string | null {
  const found = path.join(HOME, ...parts);
  return existsSync(found) ? found : null;
}

/** A test's title with the reason when it cannot run here. */
export function unlessMissing(title: string, found: string | null, what: string): string {
  return found === null ? `${title} [skipped: ${what} is not on this machine]` : title;
}
