import { describe, expect, it } from 'vitest';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { LLAMA_CONFIG, llamaShapes } from '../support/llama-shapes';
import { memoryReader } from '../support/memory-reader';
import { safetensorsBytes } from '../support/safetensors-file';
import { tinyTokenizer } from '../support/tiny-checkpoints';

/** A file of these shapes without data for all but the frequencies: the header alone is read, and those few bytes. */
function withFrequencies(frequencies: readonly number[], dtype: 'F32' | 'F16' | 'BF16') {
  const header: Record<string, unknown> = {};
  const size = dtype === 'F32' ? 4 : 2;
  const bytes = new Uint8Array(frequencies.length * size);
  const view = new DataView(bytes.buffer);
  frequencies.forEach((each, at) => {
    if (dtype === 'F32') view.setFloat32(at * 4, each, true);
    else view.setUint16(at * 2, dtype === 'BF16' ? toBfloat(each) : toHalf(each), true);
  });
  header['model.layers.0.self_attn.rotary_emb.inv_freq'] = {
    dtype,
    shape: [frequencies.length],
    data_offsets: [0, bytes.length],
  };
  let offset = bytes.length;
  for (const [name, shape] of Object.entries(llamaShapes())) {
    const length = shape.reduce((product, each) => product * each, 2);
    header[name] = { dtype: 'BF16', shape, data_offsets: [offset, offset + length] };
    offset += length;
  }
  const file = safetensorsBytes(JSON.stringify(header), offset);
  file.set(bytes, file.length - offset);
  return file;
}

function toBfloat(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint16(0);
}

function toHalf(value: number): number {
  const exponent = Math.floor(Math.log2(value));
  return exponent < -14
    ? Math.round(value / 2 ** -24)
    : ((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024);
}

const series = (theta: number, length: number) => Array.from({ length }, (_, at) => theta ** (-at / length));

async function inspect(file: Uint8Array, changes: Record<string, unknown> = {}) {
  const config = JSON.stringify({ ...LLAMA_CONFIG, ...changes });
  const reader = memoryReader({
    'config.json': config,
    'tokenizer.json': tinyTokenizer(300),
    'model.safetensors': file,
  });
  const result = await inspectCheckpoint(reader, { supportsArchitecture: () => true });
  return { ...result, bytesRead: reader.bytesRead() };
}

describe('rotary frequencies in a checkpoint', () => {
  it.each([
    ['F32', 500000, 500000],
    ['F32', 1000042, 1000040],
    ['F32', 10000, 10000],
    ['BF16', 10000, 10000],
    ['F16', 10000, 10000],
  ] as const)('in %s prove a rotary base of %d that config.json lost', async (dtype, theta, expected) => {
    const { repair } = await inspect(withFrequencies(series(theta, 32), dtype), { rope_theta: undefined });
    // Where the class would fill in the same, nothing needs to be written.
    expect(repair.patch).toEqual(expected === 10000 ? {} : { rope_theta: expected });
    expect(repair.undetermined).toEqual([]);
  });

  it('contradict a wrong base and a wrong number of heads', async () => {
    const wrong = { rope_theta: 10000, head_dim: 128, num_attention_heads: 8, num_key_value_heads: 2 };
    const { inspection, repair, bytesRead } = await inspect(withFrequencies(series(500000, 32), 'F32'), wrong);
    expect(repair.patch).toEqual({ rope_theta: 500000, head_dim: 64, num_attention_heads: 16, num_key_value_heads: 4 });
    const theta = inspection.findings.find(({ field }) => field === 'rope_theta');
    expect(theta).toMatchObject({
      configured: 10000,
      actual: 500000,
      tensor: 'model.layers.0.self_attn.rotary_emb.inv_freq',
    });
    expect(bytesRead).toBeLessThan(100_000);
  });

  it('that are no such series prove nothing', async () => {
    const { repair } = await inspect(
      withFrequencies(
        series(500000, 32).map((each) => each / 4),
        'F32',
      ),
      { rope_theta: 7 },
    );
    expect(repair.patch).toEqual({});
  });
});
