import { describe, expect, it } from 'vitest';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
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
