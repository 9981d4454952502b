import { describe, expect, it } from 'vitest';
import type { Answers } from '../../lib/domain/model-check';
import type { ConfigEvidence } from '../../lib/model/config-evidence';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { judgeAnswers } from '../../lib/model/judge-answers';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { memoryReader } from '../support/memory-reader';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';
import { wideCheckpoint } from '../support/wide-checkpoint';

const llama = TINY_CHECKPOINTS['llama'] as TinyCheckpoint;
const wide = wideCheckpoint();
/** Fits neither itself nor the shapes. */
const UNDECIDED = { num_attention_heads: 16, num_key_value_heads: 2 };

interface Inspected {
  readonly answers?: Answers;
  readonly evidence?: readonly ConfigEvidence[];
  readonly configPatch?: Record<string, number | string>;
}

function inspect(checkpoint: TinyCheckpoint, config: Record<string, unknown>, options: Inspected = {}) {
  const files = { ...checkpointFiles(checkpoint), 'config.json': JSON.stringify({ ...checkpoint.config, ...config }) };
  return inspectCheckpoint(memoryReader(files), { supportsArchitecture: supportsTextArchitecture, ...options });
}

/** transformers wrote this config.json, so that a field which is not there was lost. */
const LOST = { rope_theta: undefined, rope_scaling: null, transformers_version: '4.50.0' };

describe('a question', () => {
  it('says what each candidate would mean and where it comes from', async () => {
    const { repair, waitsForAnswers } = await inspect(wide, UNDECIDED);
    const [heads, keys, size] = repair.undetermined;
    expect(waitsForAnswers).toBe(true);
    expect(heads?.options.slice(0, 2)).toEqual([
      { value: 8, meaning: '8 heads of 128 numbers each', source: 'fits the weights' },
      { value: 16, meaning: '16 heads of 64 numbers each', source: 'config.json says so' },
    ]);
    expect(keys?.options[0]?.meaning).toBe('2 key/value heads of 128 numbers each');
    expect(size?.options[1]?.meaning).toBe('16 heads of 64 numbers each');
    expect([heads?.limits, heads?.isRequired]).toEqual([null, true]);
  });

  it('takes other numbers where no shape forbids them', async () => {
    const { repair } = await inspect(llama, LOST);
    const theta = repair.undetermined.find(({ field }) => field === 'rope_theta');
    expect(theta).toMatchObject({ field: 'rope_theta', isRequired: true, limits: { isWhole: false } });
    const usual = theta?.options.find(({ value }) => value === 500_000);
    const assumed = theta?.options.find(({ value }) => value === 10_000);
    expect(usual).toMatchObject({ meaning: 'as in Llama 3', source: expect.stringContaining('usual') });
    expect(assumed?.source).toContain('the default of llama');
  });

  it('names other config.json files as sources', async () => {
    const config = { ...llama.config, rope_theta: 500_000 };
    const evidence: ConfigEvidence[] = [{ origin: 'base-model', label: 'its base model a/b', config }];
    const { repair } = await inspect(llama, {}, { evidence });
    expect(repair.undetermined.find(({ field }) => field === 'rope_theta')).toMatchObject({
      field: 'rope_theta',
      isRequired: false,
      options: [
        { value: 500_000, source: 'the base model (its base model a/b)' },
        { value: 10_000, source: expect.stringContaining('config.json says so') },
      ],
    });
  });
});

describe('an answer', () => {
  it('becomes part of the repair, and its question is gone', async () => {
    const { repair, inspection, blocking } = await inspect(llama, LOST, { answers: { rope_theta: 500_000 } });
    expect(repair).toMatchObject({
      patch: { rope_theta: 500_000 },
      // Most models have this one: heads that fit the shapes are not thereby proven.
      undetermined: [{ field: 'num_attention_heads', isRequired: false }],
      answers: [{ field: 'rope_theta', value: 500_000 }],
    });
    expect(inspection.findings.filter(({ field }) => field === 'rope_theta')).toEqual([]);
    // Nothing is approved yet: as it is, the checkpoint still cannot be converted.
    expect(blocking).not.toBeNull();
    const after = await inspect(llama, LOST, {
      answers: { rope_theta: 500_000 },
      configPatch: { rope_theta: 500_000 },
    });
    expect([after.blocking, after.waitsForAnswers]).toEqual([null, false]);
  });

  it('settles what follows from it', async () => {
    const lost = { num_attention_heads: undefined, num_key_value_heads: undefined };
    const { repair } = await inspect(wide, lost, { answers: { num_attention_heads: 8 } });
    expect(repair.patch).toMatchObject({ num_attention_heads: 8, num_key_value_heads: 2 });
    expect(repair.undetermined).toEqual([]);
  });

  it('is refused when no shape allows it, in words with the tensor', async () => {
    const answers = { num_attention_heads: 7 };
    const { repair, refusedAnswers } = await inspect(wide, UNDECIDED, { answers });
    expect(refusedAnswers).toEqual([
      {
        field: 'num_attention_heads',
        value: 7,
        message: expect.stringMatching(/q_proj.* = 1024 only.*Possible: 8, 16/),
      },
    ]);
    expect(repair.answers).toEqual([]);
    expect(repair.undetermined).toHaveLength(3);
  });

  it('is refused together with one that it excludes', async () => {
    const answers = { num_attention_heads: 8, head_dim: 64 };
    const { refusedAnswers, repair } = await inspect(wide, UNDECIDED, { answers });
    expect(refusedAnswers.map(({ field }) => field)).toEqual(['num_attention_heads', 'head_dim']);
    expect(refusedAnswers[0]?.message).toContain('cannot both be true');
    expect(refusedAnswers[0]?.message).toContain('With num_attention_heads 8 it is head_dim 128');
    expect(repair.patch).toEqual({});
    const fitting = await inspect(wide, UNDECIDED, { answers: { num_attention_heads: 8, head_dim: 128 } });
    expect(fitting.refusedAnswers).toEqual([]);
    expect(fitting.repair.patch).toMatchObject({ num_attention_heads: 8, head_dim: 128 });
  });

  it('counts more than another config.json where shapes do not decide', async () => {
    const config = { ...llama.config, rope_theta: 500_000 };
    const evidence: ConfigEvidence[] = [{ origin: 'base-model', label: 'its base model a/b', config }];
    const { repair, inspection } = await inspect(llama, {}, { evidence, answers: { rope_theta: 10_000 } });
    // It is what config.json says already: nothing changes, and nothing is asked any more.
    expect(repair).toMatchObject({ patch: {}, undetermined: [], answers: [{ value: 10_000 }] });
    expect(inspection.findings.some(({ code }) => code === 'config-differs-from-evidence')).toBe(false);
  });

  it('that names the class decides how the tokenizer is read, also once it is approved', async () => {
    const phi = TINY_CHECKPOINTS['phi3'] as TinyCheckpoint;
    const wrong = { ...phi, files: { ...phi.files, 'tokenizer_config.json': '{}' } };
    const class_ = { architectures: 'Phi3ForCausalLM' };
    const codes = ({ inspection }: { inspection: { findings: readonly { code: string }[] } }) =>
      inspection.findings.map(({ code }) => code).filter((code) => code.startsWith('model-tokenizer-'));
    const found = await inspect(wrong, { architectures: undefined });
    expect(found.repair.patch).toEqual(class_);
    const approved = await inspect(wrong, { architectures: undefined }, { configPatch: class_ });
    expect(codes(found)).toContain('model-tokenizer-class-wrong');
    expect(codes(approved)).toEqual(codes(found));
  });

  it('to what nobody asks changes nothing', async () => {
    const { repair, refusedAnswers } = await inspect(llama, {}, { answers: { num_hidden_layers: 9, nonsense: 1 } });
    expect(repair.patch).toEqual({});
    expect([repair.answers, refusedAnswers]).toEqual([[], []]);
  });
});

describe('judgeAnswers', () => {
  it.each([
    [{ rope_theta: 'many' }, /number/],
    [{ rope_theta: -1 }, /out of range/],
    [{ rope_theta: Number.NaN }, /number/],
    [{ max_position_embeddings: 0.5 }, /whole number/],
    [{ vocab_size: 1 }, /no open question/],
    [{ __proto__x: 1 }, /no open question/],
  ])('refuses %j', async (answers, words) => {
    const { repair } = await inspect(llama, { ...LOST, max_position_embeddings: undefined });
    const { accepted, refused } = judgeAnswers(repair.undetermined, answers as Answers);
    expect(accepted).toEqual({});
    expect(refused).toHaveLength(1);
    expect(refused[0]?.message).toMatch(words);
  });
});
