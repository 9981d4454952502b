import { describe, expect, it } from 'vitest';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { memoryReader } from '../support/memory-reader';
import { safetensorsFile } from '../support/safetensors-file';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';

const deepseek = TINY_CHECKPOINTS['deepseekWithNextN'] as TinyCheckpoint;

/** A checkpoint whose output layer is the embedding again, or something else, and what config.json says about it. */
async function inspect(isCopy: boolean, isTied: boolean, checkpoint = deepseek) {
  const embedding = 'model.embed_tokens.weight';
  const weights = safetensorsFile(checkpoint.tensors);
  if (!isCopy) {
    const length = Number(new DataView(weights.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(weights.subarray(8, 8 + length)));
    const [begin, end] = header[embedding].data_offsets;
    weights.fill(7, 8 + length + begin, 8 + length + end);
  }
  const files = { ...checkpointFiles(checkpoint, { tie_word_embeddings: isTied }), 'model.safetensors': weights };
  return inspectCheckpoint(memoryReader(files), { supportsArchitecture: supportsTextArchitecture });
}

describe('an output layer beside a config.json that says it is the embedding', () => {
  it('is proven by its numbers where the converter would leave it out', async () => {
    const { inspection, repair } = await inspect(false, true);
    expect(repair.patch).toEqual({ tie_word_embeddings: false });
    expect(inspection.findings).toContainEqual(
      expect.objectContaining({
        code: 'config-contradicts-tensors',
        severity: 'blocks',
        field: 'tie_word_embeddings',
        configured: true,
        actual: false,
      }),
    );
  });

  it('may be a copy', async () => {
    expect((await inspect(true, true)).repair.patch).toEqual({});
    expect((await inspect(false, false)).repair.patch).toEqual({});
  });

  it('is not read where the converter writes it all the same', async () => {
    expect((await inspect(false, true, TINY_CHECKPOINTS['llama'])).repair.patch).toEqual({});
  });
});
