import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../../lib/domain/failure';
import { CHECK_CODES } from '../../lib/domain/finding';
import type { ByteRangeReader } from '../../lib/model/byte-range-reader';
import { type CheckpointInspection, inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { memoryReader } from '../support/memory-reader';
import { safetensorsBytes } from '../support/safetensors-file';
import { checkpointFiles, TINY_CHECKPOINTS, type TinyCheckpoint } from '../support/tiny-checkpoints';

const CODES: ReadonlySet<string> = new Set([...FAILURE_CODES, ...CHECK_CODES]);
const llama = TINY_CHECKPOINTS['llama'] as TinyCheckpoint;

function inspect(reader: ByteRangeReader): Promise<CheckpointInspection> {
  return inspectCheckpoint(reader, { supportsArchitecture: () => true });
}

/** Small and seeded (xorshift), so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe('a checkpoint made to break programs', () => {
  it('whose headers claim more than any checkpoint has is refused before they are read', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `model-0000${at + 1}-of-00008.safetensors`);
    const sizeBytes = 90_000_000;
    let read = 0;
    const start = new Uint8Array(70_000).fill(0x20);
    new DataView(start.buffer).setBigUint64(0, 80_000_000n, true);
    start[8] = 0x7b;
    const reader: ByteRangeReader = {
      list: async () => names.map((path) => ({ path, sizeBytes })),
      sizeBytes: async (path) => (names.includes(path) ? sizeBytes : null),
      read: async (_path, offset, length) => {
        read += length;
        return offset === 0 ? start.subarray(0, length) : new Uint8Array(length);
      },
    };
    const { inspection } = await inspect(reader);
    expect(inspection.findings.filter(({ message }) => message.includes("larger than any checkpoint's")).length).toBe(
      7,
    );
    expect(read).toBeLessThan(100_000_000);
  });

  it.each([
    ['config.json', `{"model_type":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['config.json', `{"quantization_config":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`],
    ['model.safetensors.index.json', `{"weight_map":${'['.repeat(100_000)}}`],
  ])('with %s nested without end is refused in words', async (name, text) => {
    const { blocking } = await inspect(memoryReader({ ...checkpointFiles(llama), [name]: text }));
    expect(blocking?.message).toContain('nests its values');
  });

  it('cannot reach the prototype of anything', async () => {
    const config = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"model_type":"__proto__","architectures":["toString"]}`;
    const header = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"__proto__":"x"}}';
    const files = {
      ...checkpointFiles(llama),
      'config.json': config,
      'model.safetensors': safetensorsBytes(header, 1),
    };
    await inspect(memoryReader(files));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('with many thousand shards named but not there is refused at once', async () => {
    const listing = Array.from({ length: 5000 }, (_, at) => ({
      path: `model-${String(at + 1).padStart(5, '0')}-of-09999.safetensors`,
      sizeBytes: 10,
    }));
    const reader = { ...memoryReader(checkpointFiles(llama)), list: async () => listing };
    const before = process.cpuUsage();
    expect((await inspect(reader)).blocking?.code).toBe('model-weights-missing');
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(5);
  });
});

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  '',
  '12',
  '__proto__',
  'x'.repeat(10_000),
  [],
  [1, 2, 3],
  [null, {}],
  {},
  { a: { b: [1] } },
  { model_type: 'llama' },
];

describe.each(Object.entries(TINY_CHECKPOINTS))(
  'config.json of a %s checkpoint, with odd values in odd places',
  (name, checkpoint) => {
    it('is always answered, with closed codes, and the repair never claims a size that the tensors do not have', async () => {
      const next = random(name.length * 7919 + 1);
      const keys = [
        ...Object.keys(checkpoint.config),
        'text_config',
        'quantization_config',
        'head_dim',
        'rope_scaling',
        'n_layers',
      ];
      const truth = (await inspect(memoryReader(checkpointFiles(checkpoint)))).facts;
      for (let round = 0; round < 60; round += 1) {
        const changes: Record<string, unknown> = {};
        for (let change = 0; change <= next(4); change += 1) {
          changes[keys[next(keys.length)] ?? ''] = ODD_VALUES[next(ODD_VALUES.length)];
        }
        const result = await inspect(memoryReader(checkpointFiles(checkpoint, changes)));
        for (const finding of result.inspection.findings) {
          expect(CODES.has(finding.code)).toBe(true);
          expect(finding.message.length).toBeLessThan(2000);
        }
        expect(result.facts).toEqual(truth);
        for (const [field, value] of Object.entries(result.repair.patch)) {
          if (field.endsWith('hidden_size')) expect(value).toBe(truth.hiddenSize?.value);
          if (field.endsWith('vocab_size'))
            expect([truth.vocabSize?.value, truth.typeVocabSize?.value]).toContain(value);
        }
      }
    });
  },
);
