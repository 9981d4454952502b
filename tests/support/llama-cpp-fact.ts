import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { rememberedKey } from './remembered-key';

const FACTS = path.join(homedir(), '.quantdeck', 'cache', 'llama-cpp-facts');

/**
 * What the installed llama.cpp says of some input. It says the same each time, so it is asked once for each build of it and
 * remembered outside of the checkout: what tests hold our predictions against would take minutes of every run. Works
 * without the cache. The nightly run (QUANTDECK_NIGHTLY=1) believes nothing that is remembered: it asks, and remembers
 * that.
 * @param inputs all that the answer depends on besides the toolchain, by content.
 */
export async function llamaCppFact<T>(inputs: readonly unknown[], ask: () => Promise<T>): Promise<T> {
  const { key, isTrusted } = await rememberedKey(inputs);
  const file = path.join(FACTS, `${key}.json`);
  const known = isTrusted ? await readFile(file, 'utf8').catch(() => null) : null;
  if (known !== null) return JSON.parse(known) as T;
  const fact = await ask();
  await mkdir(FACTS, { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, JSON.stringify(fact));
  await rename(partial, file);
  return fact;
}
