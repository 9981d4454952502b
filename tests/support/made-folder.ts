import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { rememberedKey } from './remembered-key';

const MADE = path.join(homedir(), '.quantdeck', 'cache', 'made');
const PARTIAL = '.partial';
/** Longer than any run of tests: whoever was given a folder so long ago has ended. */
const IN_USE_MS = 2 * 60 * 60 * 1000;

/**
 * A folder that Python makes of its inputs alone, such as a corpus of checkpoints. It is made once and kept outside of the
 * checkout, in `~/.quantdeck/cache/made/<name>/`: making them took a minute of two cores in every run. Works without the
 * cache. The nightly run (QUANTDECK_NIGHTLY=1) makes it anew, and that is what later runs are given.
 *
 * To be read only: other tests and processes are given the same folder. An entry is never changed or replaced, each making
 * has a folder of its own, so two at once only do the work twice. Others of the same name are removed when nobody has
 * asked for them for two hours.
 * @param inputs all that the content depends on besides the toolchain: the texts of what makes it, arguments, files by hash.
 * @param make fills an empty folder, whose path must not get into what it writes.
 */
export async function madeFolder(
  name: string,
  inputs: readonly unknown[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const { key, isTrusted } = await rememberedKey(inputs);
  const root = path.join(MADE, name);
  await mkdir(root, { recursive: true });
  const known = isTrusted ? await claimNewest(root, key) : null;
  const folder = known ?? path.join(root, `${key}.${Date.now()}.${process.pid}`);
  if (known === null) {
    const partial = `${folder}${PARTIAL}`;
    await mkdir(partial);
    try {
      await make(partial);
      await rename(partial, folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }
  await removeOthers(root, path.basename(folder));
  return folder;
}

/** Also says that it is in use, so that others leave it alone. */
async function claimNewest(root: string, key: string): Promise<string | null> {
  const whole = (await readdir(root)).filter((entry) => entry.startsWith(`${key}.`) && !entry.endsWith(PARTIAL));
  const newest = whole.sort().at(-1);
  if (newest === undefined) return null;
  const folder = path.join(root, newest);
  return utimes(folder, new Date(), new Date()).then(
    () => folder,
    () => null,
  );
}

async function removeOthers(root: string, kept: string): Promise<void> {
  for (const entry of await readdir(root)) {
    if (entry === kept) continue;
    const other = path.join(root, entry);
    // Another process may remove it at the same time.
    const lastUsed = await stat(other).catch(() => null);
    if (lastUsed !== null && Date.now() - lastUsed.mtimeMs > IN_USE_MS)
      await rm(other, { recursive: true, force: true });
  }
}
