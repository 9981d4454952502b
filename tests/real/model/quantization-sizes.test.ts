import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUANTIZATION_TYPES, QUANTIZATIONS, type QuantizationType } from '../../../lib/domain/quantization-types';
import type { ConfigObject } from '../../../lib/model/config-reader';
import { measureTokenizer } from '../../../lib/model/gguf-header-size';
import { type GgufTensorPlan, planGgufTensors } from '../../../lib/model/gguf-tensor-plan';
import { contextMemory } from '../../../lib/model/kv-cache';
import { quantizedSizes } from '../../../lib/model/quantization-sizes';
import { readSafetensorsHeader } from '../../../lib/model/safetensors-header';
import { diskReader } from '../../support/disk-reader';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';

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

const found = python === null ? null : smol;
describe.skipIf(found === null)(unlessMissing('files made of SmolLM2-135M', found, 'toolchain or checkpoint'), () => {
  let folder = '';
  let base = '';
  let imatrix = '';
  let config: ConfigObject = {};
  let plan: GgufTensorPlan | null = null;
  let sizes: ReadonlyMap<QuantizationType, number> = new Map();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-sizes-'));
    base = path.join(folder, 'base.gguf');
    imatrix = path.join(folder, 'imatrix.gguf');
    const maker = path.resolve(import.meta.dirname, '../../support/make_imatrix.py');
    await run(python ?? '', [maker, path.dirname(convertScript), imatrix], OPTIONS);
    await run(python ?? '', [convertScript, smol ?? '', '--outfile', base, '--outtype', 'bf16'], OPTIONS);
    const read = (name: string) => readFile(path.join(smol ?? '', name), 'utf8');
    config = JSON.parse(await read('config.json')) as ConfigObject;
    const { size } = await stat(path.join(smol ?? '', 'model.safetensors'));
    const { tensors } = await readSafetensorsHeader(diskReader(smol ?? ''), 'model.safetensors', size);
    plan = planGgufTensors({ tensors, config });
    const template = (await stat(path.join(smol ?? '', 'chat_template.jinja'))).size;
    const tokenizer = measureTokenizer(JSON.parse(await read('tokenizer.json')), template);
    const all = plan === null ? [] : quantizedSizes(plan, { baseType: 'BF16', tokenizer });
    sizes = new Map(all.map((one) => [one.type, one.sizeBytes]));
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const errorOf = (type: QuantizationType, actual: number) => Math.abs((sizes.get(type) ?? 0) / actual - 1);

  it('are as large as predicted, to a thousandth', async () => {
    expect(errorOf('BF16', (await stat(base)).size)).toBeLessThan(0.001);
    for (const type of WRITTEN) {
      const file = path.join(folder, `${type}.gguf`);
      await run(bin('llama-quantize'), [base, file, type], OPTIONS);
      expect([type, errorOf(type, (await stat(file)).size) < 0.001]).toEqual([type, true]);
      await rm(file);
    }
  }, 600_000);

  it('have the size that a dry run gives, for every other type', async () => {
    const headerBytes = (await stat(base)).size - 2 * 134_515_008;
    for (const type of QUANTIZATION_TYPES) {
      if (['F32', 'F16', 'BF16', 'Q1_0'].includes(type)) continue;
      const options = QUANTIZATIONS[type].needsImatrix ? ['--imatrix', imatrix] : [];
      const { stdout, stderr } = await run(bin('llama-quantize'), ['--dry-run', ...options, base, type], OPTIONS);
      const tensorMib = Number(/quant size += +([\d.]+) MiB/.exec(stdout + stderr)?.[1]);
      expect([type, errorOf(type, tensorMib * MIB + headerBytes) < 0.005]).toEqual([type, true]);
    }
  }, 300_000);

  it('need the cache and buffers that llama.cpp reserves when it loads them', async () => {
    for (const contextTokens of [4096, 32_768]) {
      const options = ['-m', base, '-c', String(contextTokens), '-n', '1', '-p', 'hi', '-no-cnv', '-v'];
      const { stderr } = await run(bin('llama-completion'), options, OPTIONS);
      const [, , cacheMib, computeMib] = /Host +\| +(\d+) = +(\d+ )?\+? *(\d+) \+ +(\d+)/.exec(stderr)?.slice(1) ?? [];
      const memory = plan === null ? null : contextMemory(plan, config, contextTokens);
      expect(Math.round((memory?.cacheBytes ?? 0) / MIB)).toBe(Number(cacheMib));
      expect(Math.abs((memory?.computeBytes ?? 0) / MIB - Number(computeMib))).toBeLessThan(2);
    }
  }, 120_000);
});
