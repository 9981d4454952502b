import { describe, expect, it } from 'vitest';
import { inspectCheckpoint } from '../../../lib/model/inspect-checkpoint';
import { memoryReader } from '../../support/memory-reader';
import { safetensorsFile } from '../../support/safetensors-file';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../../support/tiny-checkpoints';

const llama = TINY_CHECKPOINTS['llama'] as TinyCheckpoint;

describe('a checkpoint made to break programs', () => {
  it('of 200,000 tensors is read in seconds', async () => {
    const tensors: Record<string, readonly number[]> = {
      'model.embed_tokens.weight': [96, 32],
      'model.norm.weight': [32],
    };
    for (let at = 0; at < 100_000; at += 1) {
      tensors[`model.layers.${at}.self_attn.k_norm.weight`] = [16];
      tensors[`model.layers.${at}.mlp.down_proj.bias`] = [1];
    }
    const files = { ...checkpointFiles(llama), 'model.safetensors': safetensorsFile(tensors) };
    const before = process.cpuUsage();
    const result = await inspectCheckpoint(memoryReader(files), { supportsArchitecture: () => true });
    const { user, system } = process.cpuUsage(before);
    expect(result.inspection.tensorCount).toBe(200_002);
    expect(result.facts.numHiddenLayers?.value).toBe(100_000);
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});
