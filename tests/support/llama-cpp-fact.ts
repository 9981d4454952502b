import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { cachedPath } from './installed-toolchain';

const FACTS = path.join(homedir(), '.quantdeck', 'cache', 'llama-cpp-facts');

/**
 * What the installed llama.cpp says of some input. It says the same each time, so it is asked once for each build of it and
 * remembered outside of the checkout: what tests hold our predictions against would take minutes of every run. Works
 * without the cache.
 * @param inputs all that the answer depends on besides the toolchain, by content.
 */
export async function llamaCppFact<T>(inputs: readonly unknown[], ask: () => Promise<T>): Promise<T> {
  const manifest = cachedPath('toolchains', 'v0.5.0', 'toolchain.json');
  const toolchain = manifest && (await readFile(manifest, 'utf8'));
  const key = createHash('sha256')
    .update(JSON.stringify([toolchain, ...inputs]))
    .digest('hex');
  const file = path.join(FACTS, `${key}.json`);
  const known = toolchain === null ? null : await readFile(file, 'utf8').catch(() => null);
  if (known !== null) return JSON.parse(known) as T;
  const fact = await ask();
  await mkdir(FACTS, { recursive: true });
  await writeFile(file, JSON.stringify(fact));
  return fact;
}
