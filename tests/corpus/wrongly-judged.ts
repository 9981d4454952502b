import path from 'node:path';
import type { CorpusCase } from './corpus-folder';
import { isCheckRight } from './judge-case';
import { askQuantdeck } from './quantdeck-answer';

/** Ids of the checkpoints that the check does not judge as it must. `folder` takes the staged copies. */
export async function wronglyJudged(all: readonly CorpusCase[], folder: string): Promise<string[]> {
  const folders = new Map(all.map((entry) => [entry.id, entry.folder]));
  const wrong: string[] = [];
  for (const entry of all) {
    const sound = folders.get(entry.family) ?? '';
    const answer = await askQuantdeck(entry.folder, sound, path.join(folder, 'staged', entry.id));
    if (!isCheckRight(entry, answer)) wrong.push(entry.id);
  }
  return wrong;
}
