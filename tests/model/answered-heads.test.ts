import { describe, expect, it } from 'vitest';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { assess } from '../support/assess';
import { LLAMA_CONFIG, llamaShapes } from '../support/llama-shapes';
import { memoryReader } from '../support/memory-reader';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';

/** What is proposed after a person has answered these fields of a checkpoint damaged like this, and whether it stops. */
async function answer(name: string, damage: object, answers: Readonly<Record<string, number>>) {
  const files = checkpointFiles(TINY_CHECKPOINTS[name] as TinyCheckpoint, { ...damage });
  const options = { supportsArchitecture: supportsTextArchitecture };
  const { repair, blocking } = await inspectCheckpoint(memoryReader(files), { ...options, configPatch: answers });
  const { blocking: last } = await inspectCheckpoint(memoryReader(files), {
    ...options,
    configPatch: { ...answers, ...repair.patch },
  });
  return { follows: repair.patch, stops: blocking?.code ?? null, stopsInTheEnd: last?.code ?? null };
}

describe('an answer about heads', () => {
  const doubled = { num_attention_heads: 8, num_key_value_heads: 4, head_dim: 4 };

  it.each([
    ['heads', { num_attention_heads: 4 }, { num_key_value_heads: 2, head_dim: 8 }],
    ['key/value heads', { num_key_value_heads: 2 }, { num_attention_heads: 4, head_dim: 8 }],
    ['the size of a head', { head_dim: 8 }, { num_attention_heads: 4, num_key_value_heads: 2 }],
  ])('that names %s alone brings the other two along', async (_what, answers, follows) => {
    expect(await answer('llama', doubled, answers)).toEqual({
      follows,
      stops: 'model-config-contradicts-tensors',
      stopsInTheEnd: null,
    });
  });

  it('brings key/value heads along where the size of a head is not written', async () => {
    const { follows } = await answer(
      'qwen2',
      { num_attention_heads: 2, num_key_value_heads: 1 },
      { num_attention_heads: 4 },
    );
    expect(follows).toMatchObject({ num_key_value_heads: 2 });
  });

  it('that fits with the rest brings nothing along', async () => {
    expect(await answer('llama', {}, { num_attention_heads: 4 })).toEqual({
      follows: {},
      stops: null,
      stopsInTheEnd: null,
    });
  });

  it('that no shape allows is contradicted', async () => {
    expect((await answer('llama', {}, { num_attention_heads: 5 })).stops).toBe('model-config-contradicts-tensors');
  });
});

describe('heads that were pruned', () => {
  const proven = LLAMA_CONFIG.num_attention_heads;
  const before = { ...LLAMA_CONFIG, model_type: 'mistral', architectures: ['MistralForCausalLM'] };

  it('are counted with the size that config.json gives, where it is the same model with a larger feed-forward part', () => {
    const config = { ...before, num_attention_heads: 20, num_key_value_heads: 10, intermediate_size: 2048 };
    expect(assess(config, llamaShapes()).patch).toEqual({
      intermediate_size: 1536,
      num_attention_heads: proven,
      num_key_value_heads: 4,
    });
  });

  it('are asked for where nothing else says that something was cut', () => {
    const config = { ...before, num_attention_heads: 20, num_key_value_heads: 2 };
    expect(assess(config, llamaShapes()).undetermined.map(({ field }) => field)).toContain('num_attention_heads');
    const wider = { ...config, intermediate_size: 2048, hidden_size: 2048 };
    expect(assess(wider, llamaShapes()).undetermined.map(({ field }) => field)).toContain('num_attention_heads');
  });
});
