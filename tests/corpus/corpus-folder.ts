import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { contentBesideWeights } from '../support/folder-content';
import { madeFolder } from '../support/made-folder';
import { pythonTexts } from '../support/python-texts';

/** One checkpoint of a corpus, as make_corpus.py describes it. */
export interface CorpusCase {
  readonly id: string;
  /** The healthy checkpoint that it was made from. */
  readonly family: string;
  /** What must become of it; see case.py. */
  readonly goal: 'healthy' | 'equal' | 'refused' | 'open' | 'safe';
  readonly codes: readonly string[];
  /** Fields that shapes leave open, for the goals `open` and `safe`. */
  readonly fields: readonly string[];
  /** Absolute. */
  readonly folder: string;
}

/** Makes a corpus with the toolchain's Python (which has torch and transformers); takes a minute on two cores. */
export async function makeCorpus(python: string, target: string, isHeldOut: boolean): Promise<CorpusCase[]> {
  const script = path.join(import.meta.dirname, 'make_corpus.py');
  await promisify(execFile)(python, [script, target, ...(isHeldOut ? ['--held-out'] : [])], {
    env: { ...process.env, HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return readCorpus(target);
}

/**
 * The first corpus, made once for its Python files and SmolLM2's; to be read only.
 * @param smolLm2 the folder of SmolLM2, whose tokenizer most of it has and whose weights are only linked.
 */
export async function rememberedCorpus(python: string, smolLm2: string): Promise<CorpusCase[]> {
  const inputs = [await pythonTexts(import.meta.dirname), smolLm2, await contentBesideWeights(smolLm2)];
  const folder = await madeFolder('corpus', inputs, async (target) => {
    await makeCorpus(python, target, false);
  });
  return readCorpus(folder);
}

/** The cases of a corpus that was made before. */
export async function readCorpus(target: string): Promise<CorpusCase[]> {
  const entries = JSON.parse(await readFile(path.join(target, 'manifest.json'), 'utf8')) as CorpusCase[];
  return entries.map((entry) => ({ ...entry, folder: path.join(target, entry.folder) }));
}
