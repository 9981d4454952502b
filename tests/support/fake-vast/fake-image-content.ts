import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { quantdeckHome } from '../../../lib/launch/prepare-toolchain.mjs';

/** What is installed on the machine that plays the fake. */
export const INSTALLED_TOOLCHAIN = path.join(quantdeckHome(), 'toolchains', 'v0.5.0');

/**
 * What llama.cpp's image has in /app, in a folder of the container, since its machine has our file system: programs, the
 * converter and its gguf-py side by side, and a python3 that has the packages. Without a toolchain to make it of, the
 * image is as bare as the others.
 * @param binFolder comes first in the PATH of the container
 */
export async function layDownLlamaCpp(toolchain: string, appFolder: string, binFolder: string): Promise<void> {
  if (!existsSync(path.join(toolchain, 'toolchain.json'))) return;
  await mkdir(appFolder);
  for (const part of ['bin', 'convert']) {
    for (const name of await readdir(path.join(toolchain, part))) {
      await symlink(path.join(toolchain, part, name), path.join(appFolder, name));
    }
  }
  const python = path.join(toolchain, 'venv', 'bin', 'python');
  await writeFile(path.join(binFolder, 'python3'), `#!/bin/sh\nexec '${python}' "$@"\n`, { mode: 0o755 });
}
