import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * What a folder holds, links followed: the SHA-256 of each file by its name, sorted.
 * @param isUnread files that are not read by whoever gets the folder; of these, only the size counts.
 */
export async function folderContent(
  folder: string,
  isUnread: (name: string) => boolean = () => false,
): Promise<Record<string, string | number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const names = files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
  const content: Record<string, string | number> = {};
  for (const name of names) {
    const file = path.join(folder, name);
    content[name] = isUnread(name) ? (await stat(file)).size : await sha256Of(file);
  }
  return content;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

/** The same of a checkpoint for makers that read its tokenizer and config.json alone. */
export function contentBesideWeights(folder: string): Promise<Record<string, string | number>> {
  return folderContent(folder, (name) => name.endsWith('.safetensors'));
}
