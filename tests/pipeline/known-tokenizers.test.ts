import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHub } from '../../lib/hub/create-hub';
import { KNOWN_VOCABULARIES } from '../../lib/model/known-vocabularies';
import type { KnownVocabulary } from '../../lib/model/known-vocabulary';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { learnTokenizer } from '../../lib/pipeline/known-tokenizers';
import { checkModel, type ModelCheckWorld } from '../../lib/pipeline/model-check';
import type { PipelineDependencies } from '../../lib/pipeline/step-context';
import { systemClock } from '../../lib/server/system-clock';
import { type FakeHub, startFakeHub } from '../support/fake-hub/fake-hub';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';

const QWEN = KNOWN_VOCABULARIES.find(({ name }) => name.startsWith('Qwen'))?.checkIds ?? [];
const tokens = Array.from({ length: 24_000 }, (_, id) => `Ġtoken${id}`);
const tokenizer = JSON.stringify({
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
  post_processor: null,
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(tokens.map((text, id) => [text, id])),
    merges: tokens.slice(0, 9000).map((text) => [text, text]),
  },
});
const source = { kind: 'hub', repo: 'tester/new', revision: 'main' } as const;

let hub: FakeHub;
beforeAll(async () => {
  const files = {
    ...checkpointFiles(TINY_CHECKPOINTS['llama'] as TinyCheckpoint),
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': '{"tokenizer_class":"PreTrainedTokenizerFast"}',
  };
  hub = await startFakeHub({ repos: { 'tester/new': { files } } });
});
afterAll(() => hub.close());

const errors: unknown[] = [];
function worldWith(keep: (vocabulary: KnownVocabulary) => Promise<void>, list: readonly KnownVocabulary[]) {
  return {
    hub: async () => createHub({ endpoint: hub.url, token: null }),
    clock: systemClock,
    toolchain: { supportsArchitecture: supportsTextArchitecture },
    encodeText: async () => QWEN,
    vocabularies: { list: async () => list, keep },
    logger: { error: (_: string, error: unknown) => errors.push(error) },
  } as unknown as ModelCheckWorld & PipelineDependencies;
}

it('reads a tokenizer whole for the first check only', async () => {
  const kept: KnownVocabulary[] = [];
  const world = worldWith(async (vocabulary) => void kept.push(vocabulary), kept);
  const { signal } = new AbortController();
  const first = await checkModel({ source, commit: null, answers: {} }, world, signal);
  await learnTokenizer(first.readWholeTokenizer, source, world);
  expect(kept.map(({ name }) => name)).toEqual(['tester/new (read whole before)']);
  const second = await checkModel({ source, commit: null, answers: {} }, world, signal);
  expect(second.readWholeTokenizer).toBeNull();
  expect(first.report.bytesRead - second.report.bytesRead).toBeGreaterThan(tokenizer.length - 128 * 1024);
  const partly = second.report.findings.filter(({ code }) => code === 'tokenizer-by-parts');
  expect(partly.map(({ message }) => message)).toEqual([expect.stringContaining('tester/new (read whole before)')]);
  const others = second.report.findings.filter((finding) => !partly.includes(finding));
  expect(others).toEqual(first.report.findings);
  expect(second.report.fits).toEqual(first.report.fits);
});

it('lets a check be when what it taught cannot be kept', async () => {
  const world = worldWith(() => Promise.reject(new Error('the disk is full')), []);
  const { readWholeTokenizer } = await checkModel(
    { source, commit: null, answers: {} },
    world,
    new AbortController().signal,
  );
  await learnTokenizer(readWholeTokenizer, source, world);
  expect(errors).toEqual([new Error('the disk is full')]);
});
