import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { QUANTIZATION_TYPES, QUANTIZATIONS, type QuantizationType } from '../../../lib/domain/quantization-types';
import type { ConfigObject } from '../../../lib/model/config-reader';
import { measureTokenizer } from '../../../lib/model/gguf-header-size';
import { type GgufTensorPlan, planGgufTensors } from '../../../lib/model/gguf-tensor-plan';
import { contextMemory } from '../../../lib/model/kv-cache';
import { quantizedSizes } from '../../../lib/model/quantization-sizes';
import { readSafetensorsHeader } from '../../../lib/model/safetensors-header';
import { diskReader } from '../../support/disk-reader';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';
import { llamaCppFact } from '../../support/llama-cpp-fact';

const run = promisify(execFile);
const python = toolchainProgram('python');
const bin = (name: string) => cachedPath('toolchains', 'v0.5.0', 'bin', name) ?? '';
const convertScript = cachedPath('toolchains', 'v0.5.0', 'convert', 'convert_hf_to_gguf.py') ?? '';
const smol = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');
const OPTIONS = {
  env: { ...process.env, HF_HUB_OFFLINE: '1', LD_LIBRARY_PATH: path.dirname(bin('llama-quantize')) },
  maxBuffer: 64 * 1024 * 1024,
};
/** Written for real: the largest, the most used, the smallest, and each kind of rule. */
const WRITTEN = ['Q8_0', 'Q4_K_M', 'Q3_K_M', 'Q2_K', 'IQ4_XS', 'TQ1_0', 'Q2_0'] as const;
const MIB = 1024 * 1024;

const LOADED_WITH = [4096, 32_768];
const ESTIMATED = QUANTIZATION_TYPES.filter((type) => !['F32', 'F16', 'BF16', 'Q1_0'].includes(type));

/** What llama.cpp makes of SmolLM2-135M. */
interface Measured {
  readonly baseBytes: number;
  readonly writtenBytes: Readonly<Record<string, number>>;
  /** Of the tensors alone, to two decimals. */
  readonly estimatedMib: Readonly<Record<string, number>>;
  readonly memory: readonly { readonly cacheMib: number; readonly computeMib: number }[];
}

async function measure(checkpoint: string): Promise<Measured> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-sizes-'));
  try {
    const base = path.join(folder, 'base.gguf');
    const imatrix = path.join(folder, 'imatrix.gguf');
    const maker = path.resolve(import.meta.dirname, '../../support/make_imatrix.py');
    await run(python ?? '', [maker, path.dirname(convertScript), imatrix], OPTIONS);
    await run(python ?? '', [convertScript, checkpoint, '--outfile', base, '--outtype', 'bf16'], OPTIONS);
    return {
      baseBytes: (await stat(base)).size,
      writtenBytes: await writtenBytes(base, folder),
      estimatedMib: await estimatedMib(base, imatrix),
      memory: await loadedMemory(base),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writtenBytes(base: string, folder: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const type of WRITTEN) {
    const file = path.join(folder, `${type}.gguf`);
    await run(bin('llama-quantize'), [base, file, type], OPTIONS);
    sizes[type] = (await stat(file)).size;
    await rm(file);
  }
  return sizes;
}

async function estimatedMib(base: string, imatrix: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const type of ESTIMATED) {
    const options = QUANTIZATIONS[type].needsImatrix ? ['--imatrix', imatrix] : [];
    const { stdout, stderr } = await run(bin('llama-quantize'), ['--dry-run', ...options, base, type], OPTIONS);
    sizes[type] = Number(/quant size += +([\d.]+) MiB/.exec(stdout + stderr)?.[1]);
  }
  return sizes;
}

async function loadedMemory(base: string): Promise<Measured['memory']> {
  const memory: { cacheMib: number; computeMib: number }[] = [];
  for (const contextTokens of LOADED_WITH) {
    const options = ['-m', base, '-c', String(contextTokens), '-n', '1', '-p', 'hi', '-no-cnv', '-v'];
    const { stderr } = await run(bin('llama-completion'), options, OPTIONS);
    const [, , cacheMib, computeMib] = /Host +\| +(\d+) = +(\d+ )?\+? *(\d+) \+ +(\d+)/.exec(stderr)?.slice(1) ?? [];
    memory.push({ cacheMib: Number(cacheMib), computeMib: Number(computeMib) });
  }
  return memory;
}

const found = python === null ? null : smol;
describe.skipIf(found === null)(unlessMissing('files made of SmolLM2-135M', found, 'toolchain or checkpoint'), () => {
  let measured: Measured;
  let config: ConfigObject = {};
  let plan: GgufTensorPlan | null = null;
  let sizes: ReadonlyMap<QuantizationType, number> = new Map();
  beforeAll(async () => {
    const checkpoint = smol ?? '';
    const read = (name: string) => readFile(path.join(checkpoint, name), 'utf8');
    const configText = await read('config.json');
    const weights = await readFile(path.join(checkpoint, 'model.safetensors'));
    const sha256 = createHash('sha256').update(weights).digest('hex');
    measured = await llamaCppFact(['sizes', configText, sha256, WRITTEN, ESTIMATED, LOADED_WITH], () =>
      measure(checkpoint),
    );
    config = JSON.parse(configText) as ConfigObject;
    const { tensors } = await readSafetensorsHeader(diskReader(checkpoint), 'model.safetensors', weights.length);
    plan = planGgufTensors({ tensors, config });
    const template = (await stat(path.join(checkpoint, 'chat_template.jinja'))).size;
    const tokenizer = measureTokenizer(JSON.parse(await read('tokenizer.json')), template);
    const all = plan === null ? [] : quantizedSizes(plan, { baseType: 'BF16', tokenizer });
    sizes = new Map(all.map((one) => [one.type, one.sizeBytes]));
  }, 900_000);

  const errorOf = (type: QuantizationType, actual: number) => Math.abs((sizes.get(type) ?? 0) / actual - 1);

  it('are as large as predicted, to a thousandth', () => {
    expect(errorOf('BF16', measured.baseBytes)).toBeLessThan(0.001);
    for (const type of WRITTEN) {
      expect([type, errorOf(type, measured.writtenBytes[type] ?? 0) < 0.001]).toEqual([type, true]);
    }
  });

  it('have the size that a dry run gives, for every other type', () => {
    const headerBytes = measured.baseBytes - 2 * 134_515_008;
    for (const type of ESTIMATED) {
      const tensorBytes = (measured.estimatedMib[type] ?? 0) * MIB;
      expect([type, errorOf(type, tensorBytes + headerBytes) < 0.005]).toEqual([type, true]);
    }
  });

  it('need the cache and buffers that llama.cpp reserves when it loads them', () => {
    expect(measured.memory).toHaveLength(LOADED_WITH.length);
    for (const [index, { cacheMib, computeMib }] of measured.memory.entries()) {
      const memory = plan === null ? null : contextMemory(plan, config, LOADED_WITH[index] ?? 0);
      expect(Math.round((memory?.cacheBytes ?? 0) / MIB)).toBe(cacheMib);
      expect(Math.abs((memory?.computeBytes ?? 0) / MIB - computeMib)).toBeLessThan(2);
    }
  });
});
