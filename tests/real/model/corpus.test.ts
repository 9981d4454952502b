import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CorpusCase, makeCorpus } from '../../corpus/corpus-folder';
import { GAPS } from '../../corpus/gaps';
import { isCheckRight } from '../../corpus/judge-case';
import { askQuantdeck } from '../../corpus/quantdeck-answer';
import { runCorpus, runPlain } from '../../corpus/run-corpus';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';

const python = toolchainProgram('python');
const toolchainFolder = cachedPath('toolchains', 'v0.5.0');
const tokenizer = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');
const isReady = python !== null && tokenizer !== null;

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

describe.skipIf(!isReady)(
  unlessMissing('the corpora of broken checkpoints', isReady ? 'there' : null, 'the toolchain with SmolLM2'),
  () => {
    let folder = '';
    const cases: CorpusCase[][] = [];
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-corpus-'));
      for (const isHeldOut of [false, true]) {
        cases.push(await makeCorpus(python ?? '', path.join(folder, isHeldOut ? 'held-out' : 'first'), isHeldOut));
      }
    }, 600_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.each([
      ['first', 0, 120],
      ['held out', 1, 120],
    ])(
      'are judged right by the check: %s',
      async (_name, which, atLeast) => {
        const all = cases[which] ?? [];
        const folders = new Map(all.map((entry) => [entry.id, entry.folder]));
        const wrong: string[] = [];
        for (const entry of all) {
          const answer = await askQuantdeck(
            entry.folder,
            folders.get(entry.family) ?? '',
            path.join(folder, 'staged', entry.id),
          );
          if (!isCheckRight(entry, answer)) wrong.push(entry.id);
        }
        expect(all.filter((entry) => entry.goal !== 'healthy').length).toBeGreaterThanOrEqual(atLeast);
        const known = all.map((entry) => entry.id).filter((id) => GAPS.has(id));
        expect(wrong).toEqual(known);
      },
      600_000,
    );

    it('end in the GGUF of the undamaged checkpoint, where they can be repaired', async () => {
      const first = cases[0] ?? [];
      const families = new Set(first.filter(({ id }) => CONVERTED.includes(id)).map((entry) => entry.family));
      const chosen = first.filter((entry) => CONVERTED.includes(entry.id) || families.has(entry.id));
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
