import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CorpusCase, makeCorpus } from '../../corpus/corpus-folder';
import { GAPS } from '../../corpus/gaps';
import { runCorpus, runPlain } from '../../corpus/run-corpus';
import { wronglyJudged } from '../../corpus/wrongly-judged';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';

/** Converted here for real; the benchmark does it with all of them. */
const CONVERTED = [
  'llama-untied',
  'phi4--story-of-three-fields',
  'qwen3--head-size-missing',
  'mixtral--experts-too-few',
  'gemma2--layers-and-ffn-wrong',
  'gpt2--layers-wrong',
  'llama-untied--copy-beside-it',
];

const python = toolchainProgram('python');
const toolchainFolder = cachedPath('toolchains', 'v0.5.0');
const tokenizer = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');
const isReady = python !== null && tokenizer !== null;

describe.skipIf(!isReady)(
  unlessMissing('the corpus of broken checkpoints', isReady ? 'there' : null, 'the toolchain with SmolLM2'),
  () => {
    let folder = '';
    let all: CorpusCase[] = [];
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-corpus-'));
      all = await makeCorpus(python ?? '', path.join(folder, 'corpus'), false);
    }, 600_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('is judged right by the check', async () => {
      expect(all.filter((entry) => entry.goal !== 'healthy').length).toBeGreaterThanOrEqual(120);
      const known = all.map((entry) => entry.id).filter((id) => GAPS.has(id));
      expect(await wronglyJudged(all, folder)).toEqual(known);
    }, 600_000);

    it('ends in the GGUF of the undamaged checkpoint, where it can be repaired', async () => {
      const families = new Set(all.filter(({ id }) => CONVERTED.includes(id)).map((entry) => entry.family));
      const chosen = all.filter((entry) => CONVERTED.includes(entry.id) || families.has(entry.id));
      const toolchain = { python: python ?? '', folder: toolchainFolder ?? '' };
      const work = path.join(folder, 'work');
      const plain = await runPlain(
        toolchain,
        chosen.filter((entry) => entry.goal === 'healthy'),
        work,
      );
      const { verdicts } = await runCorpus(toolchain, chosen, plain, work);
      expect(verdicts.filter((verdict) => !verdict.isMet)).toEqual([]);
      expect(verdicts.map((verdict) => verdict.id)).toEqual(expect.arrayContaining(CONVERTED));
    }, 600_000);
  },
);
