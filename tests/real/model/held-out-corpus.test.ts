import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CorpusCase, makeCorpus } from '../../corpus/corpus-folder';
import { GAPS } from '../../corpus/gaps';
import { wronglyJudged } from '../../corpus/wrongly-judged';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';

const python = toolchainProgram('python');
const tokenizer = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');
const isReady = python !== null && tokenizer !== null;

describe.skipIf(!isReady)(
  unlessMissing('the corpus that rules were not made for', isReady ? 'there' : null, 'the toolchain with SmolLM2'),
  () => {
    let folder = '';
    let all: CorpusCase[] = [];
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-corpus-'));
      all = await makeCorpus(python ?? '', path.join(folder, 'corpus'), true);
    }, 600_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('is judged right by the check', async () => {
      expect(all.filter((entry) => entry.goal !== 'healthy').length).toBeGreaterThanOrEqual(120);
      const known = all.map((entry) => entry.id).filter((id) => GAPS.has(id));
      expect(await wronglyJudged(all, folder)).toEqual(known);
    }, 600_000);
  },
);
