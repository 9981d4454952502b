import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The text of every Python file beside a test's maker, by name: what the maker does depends on it, whatever it imports
 * from there today.
 */
export async function pythonTexts(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.py')).sort();
  const texts = names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}
