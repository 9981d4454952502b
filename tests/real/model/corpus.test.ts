import path from 'node:path';
import { expect, it } from 'vitest';
import { describeCorpus } from '../../corpus/describe-corpus';
import { rememberedLlamaCpp } from '../../corpus/remembered-llama-cpp';
import { runCorpus, runPlain } from '../../corpus/run-corpus';
import { cachedPath } from '../../support/installed-toolchain';

/** Converted here by the real converter; the benchmark does it with all of them, and every time. */
const CONVERTED = [
  'llama-untied',
  'phi4--story-of-three-fields',
  'qwen3--head-size-missing',
  'mixtral--experts-too-few',
  'gemma2--layers-and-ffn-wrong',
  'gpt2--layers-wrong',
  'llama-untied--copy-beside-it',
];

describeCorpus('the corpus of broken checkpoints', false, (corpus) => {
  it('ends in the GGUF of the undamaged checkpoint, where it can be repaired', async () => {
    const { all, folder, python } = corpus;
    const families = new Set(all.filter(({ id }) => CONVERTED.includes(id)).map((entry) => entry.family));
    const chosen = all.filter((entry) => CONVERTED.includes(entry.id) || families.has(entry.id));
    const toolchain = { python, folder: cachedPath('toolchains', 'v0.5.0') ?? '' };
    const work = path.join(folder, 'work');
    const plain = await runPlain(
      rememberedLlamaCpp('corpus-plain', toolchain),
      chosen.filter((entry) => entry.goal === 'healthy'),
      work,
    );
    const { verdicts } = await runCorpus(rememberedLlamaCpp('corpus-repaired', toolchain), chosen, plain, work);
    expect(verdicts.filter((verdict) => !verdict.isMet)).toEqual([]);
    expect(verdicts.map((verdict) => verdict.id)).toEqual(expect.arrayContaining(CONVERTED));
  }, 600_000);
});
