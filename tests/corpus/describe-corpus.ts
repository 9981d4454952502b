import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cachedPath, toolchainProgram, unlessMissing } from '../support/installed-toolchain';
import { type CorpusCase, makeCorpus, rememberedCorpus } from './corpus-folder';
import { GAPS } from './gaps';
import { wronglyJudged } from './wrongly-judged';

/** A corpus for the tests of one file; empty until they begin. */
export interface MadeCorpus {
  readonly python: string;
  /** For whatever its tests write; removed after them. Nothing is written into the corpus. */
  folder: string;
  all: readonly CorpusCase[];
}

/**
 * Makes a corpus with the toolchain that is installed, or takes one that was made before, and tests that the check judges
 * all of it right, known gaps aside.
 * @param testMore further tests of the same corpus.
 */
export function describeCorpus(title: string, isHeldOut: boolean, testMore?: (corpus: MadeCorpus) => void): void {
  const python = toolchainProgram('python');
  const tokenizer = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');
  const isReady = python !== null && tokenizer !== null;
  describe.skipIf(!isReady)(unlessMissing(title, isReady ? 'there' : null, 'the toolchain with SmolLM2'), () => {
    const corpus: MadeCorpus = { python: python ?? '', folder: '', all: [] };
    beforeAll(async () => {
      corpus.folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-corpus-'));
      // The other one is asked for once a night, when nothing remembered counts.
      corpus.all = isHeldOut
        ? await makeCorpus(corpus.python, path.join(corpus.folder, 'corpus'), true)
        : await rememberedCorpus(corpus.python, tokenizer ?? '');
    }, 600_000);
    afterAll(() => rm(corpus.folder, { recursive: true, force: true }));

    it('is judged right by the check', async () => {
      const { all, folder } = corpus;
      expect(all.filter((entry) => entry.goal !== 'healthy').length).toBeGreaterThanOrEqual(120);
      const known = all.map((entry) => entry.id).filter((id) => GAPS.has(id));
      expect(await wronglyJudged(all, folder)).toEqual(known);
    }, 600_000);

    testMore?.(corpus);
  });
}
