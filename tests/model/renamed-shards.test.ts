import { describe, expect, it } from 'vitest';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { type MemoryFiles, memoryReader } from '../support/memory-reader';
import { safetensorsFile } from '../support/safetensors-file';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';

const gemma = TINY_CHECKPOINTS['gemma2'] as TinyCheckpoint;
const INDEX = 'model.safetensors.index.json';
const NAMES = Object.keys(gemma.tensors);
const part = (at: number) =>
  safetensorsFile(
    Object.fromEntries(
      NAMES.filter((_, place) => place % 3 === at).map((name) => [name, gemma.tensors[name] as readonly number[]]),
    ),
  );
const shard = (number: number) => `model-0000${number}-of-00003.safetensors`;

function inspect(files: MemoryFiles) {
  return inspectCheckpoint(memoryReader(files), { supportsArchitecture: supportsTextArchitecture });
}

/** Three shards under these names, with the index that belongs to the usual ones. */
function sharded(names: readonly string[], index?: string): MemoryFiles {
  const { 'model.safetensors': _single, ...companions } = checkpointFiles(gemma);
  const weightMap = Object.fromEntries(NAMES.map((name, place) => [name, shard((place % 3) + 1)]));
  const shards = Object.fromEntries(names.map((name, at) => [name, part(at)]));
  return { ...companions, ...shards, [INDEX]: index ?? JSON.stringify({ weight_map: weightMap }) };
}

describe('weight files under other names than in the index', () => {
  it.each([
    ['by a browser', [shard(1), 'model-00002-of-00003 (1).safetensors', shard(3)]],
    ['all with another count', [1, 2, 3].map((number) => `model-0000${number}-of-00009.safetensors`)],
    ['after their content', ['model-embed.safetensors', 'model-a.safetensors', 'model-b.safetensors']],
  ])('are read without the index when they hold its tensors: renamed %s', async (_how, names) => {
    const { blocking, files, inspection } = await inspect(sharded(names));
    expect(blocking).toBeNull();
    expect(files).toEqual(expect.arrayContaining([...names]));
    // The converter would look for the names of the index.
    expect(files).not.toContain(INDEX);
    expect(inspection.tensorCount).toBe(NAMES.length);
    expect(inspection.findings).toContainEqual(
      expect.objectContaining({ code: 'model-index-disagrees', severity: 'note' }),
    );
  });

  it('are missing when what is there in their place holds other tensors', async () => {
    const files = {
      ...sharded([shard(1), shard(2)]),
      'model-vision.safetensors': safetensorsFile({ 'vision.a': [4] }),
    };
    const { blocking } = await inspect(files);
    expect(blocking).toMatchObject({ code: 'model-weights-missing', evidence: [`not found: ${shard(3)}`] });
  });

  it('go without an index that is a pointer', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n';
    const { blocking, repair } = await inspect(sharded([1, 2, 3].map(shard), pointer));
    expect(blocking?.code).toBe('model-index-disagrees');
    expect(repair.files).toMatchObject([{ kind: 'leave-out', files: [INDEX] }]);
  });
});
