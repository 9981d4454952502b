import { describe, expect, it } from 'vitest';
import { checkGenerationConfig } from '../../lib/model/generation-config-check';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { memoryReader } from '../support/memory-reader';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';

const ROWS = { value: 96, tensor: 'model.embed_tokens.weight', shape: [96, 32] };

async function said(content: unknown, config = {}): Promise<readonly string[]> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const finding = await checkGenerationConfig(memoryReader({ 'generation_config.json': text }), config, ROWS);
  return finding?.evidence ?? [];
}

describe('generation_config.json', () => {
  it.each([[{ eos_token_id: 2, bos_token_id: 1, temperature: 0.6, top_k: null }], [{ eos_token_id: [2, 5] }], [{}]])(
    'that fits is not spoken of: %o',
    async (content) => {
      expect(await said(content, { eos_token_id: 2 })).toEqual([]);
    },
  );

  it.each([
    [{ eos_token_id: [128_001, 2] }, 'names token 128001, but the embedding has 96 rows'],
    [{ bos_token_id: 96 }, 'names token 96'],
    [{ eos_token_id: [7] }, 'ends at token 7, config.json says 2'],
    [{ temperature: '0.7' }, 'temperature is "0.7", which is no number'],
    ['{"temperature": 0.7,,}', 'The converter passes it over'],
    ['[]', 'no JSON object'],
  ])('that does not is: %o', async (content, words) => {
    expect(await said(content, { eos_token_id: 2 })).toEqual([expect.stringContaining(words)]);
  });

  it('is a note of the check, and stops nothing', async () => {
    const files = { ...checkpointFiles(TINY_CHECKPOINTS['llama'] as TinyCheckpoint), 'generation_config.json': '{' };
    const { blocking, inspection } = await inspectCheckpoint(memoryReader(files), { supportsArchitecture: () => true });
    expect(blocking).toBeNull();
    expect(inspection.findings).toContainEqual(
      expect.objectContaining({ code: 'generation-config-doubtful', severity: 'note' }),
    );
    const without = checkpointFiles(TINY_CHECKPOINTS['llama'] as TinyCheckpoint);
    const sound = await inspectCheckpoint(memoryReader(without), { supportsArchitecture: () => true });
    expect(sound.inspection.findings.map(({ code }) => code)).not.toContain('generation-config-doubtful');
  });
});
