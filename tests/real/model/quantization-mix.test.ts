import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { QUANTIZATION_TYPES, type QuantizationType } from '../../../lib/domain/quantization-types';
import { type GgufTensorPlan, planGgufTensors } from '../../../lib/model/gguf-tensor-plan';
import { isQuantized, mixTensorTypes, prepareMix, storedType } from '../../../lib/model/quantization-mix';
import { quantizedSizes } from '../../../lib/model/quantization-sizes';
import { convertFamilies, type FamilyGguf, familyInputs, GEMMA_TOKENS } from '../../support/family-ggufs';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';
import { llamaCppFact } from '../../support/llama-cpp-fact';

const run = promisify(execFile);
const python = toolchainProgram('python');
const convertScript = cachedPath('toolchains', 'v0.5.0', 'convert', 'convert_hf_to_gguf.py') ?? '';
const quantize = cachedPath('toolchains', 'v0.5.0', 'bin', 'llama-quantize') ?? '';
const SUPPORT = path.resolve(import.meta.dirname, '../../support');
/** The checkpoints are bfloat16, so the converter writes that. */
const BASE = 'BF16';
/** The types whose rules ask for an importance matrix, and one that does not care. */
const WITH_IMATRIX: ReadonlySet<QuantizationType> = new Set(['IQ3_XXS', 'IQ4_NL', 'IQ4_XS', 'Q4_0', 'Q5_0', 'Q2_K']);
const MAKER = 'make_wide_checkpoints.py';
/** One of each way to name tensors, share keys, fuse matrices and have experts. */
const FAMILIES = [
  'Llama',
  'Mixtral',
  'Qwen2',
  'Qwen2Moe',
  'Qwen3Moe',
  'Phi',
  'Phi3',
  'Gemma2',
  'Gemma3Text',
  'Olmo2',
  'Starcoder2',
  'StableLm',
  'Cohere2',
  'DeepseekV2',
  'GptOss',
  'GPT2',
  'GPTBigCode',
  'GPTNeoX',
  'Falcon',
  'Bert',
  'Granite',
  'GraniteMoe',
  'Bloom',
];
const QUANTIZED = QUANTIZATION_TYPES.filter((type) => !['F32', 'F16', 'BF16'].includes(type));

/** What `llama-quantize --dry-run` says: a type for each tensor, or what it refused with. */
async function dryRun(file: string, type: QuantizationType, imatrix: string | null): Promise<string[] | 'refused'> {
  const options = imatrix === null ? [] : ['--imatrix', imatrix];
  const result = await run(quantize, ['--dry-run', ...options, file, type], {
    env: { ...process.env, LD_LIBRARY_PATH: path.dirname(quantize) },
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { code?: number; stdout: string; stderr: string }) => error);
  const output = `${result.stdout}\n${result.stderr}`;
  if (output.includes('failed to quantize')) return 'refused';
  const lines: string[] = [];
  for (const [, name, from, to] of output.matchAll(
    /^\[ *\d+\/ *\d+\] (\S+) +- \[.*?type = +(\w+), size =.*?(?:\((\w+)\))?$/gm,
  )) {
    lines.push(`${name} ${(to ?? from)?.toUpperCase()}`);
  }
  return lines.sort();
}

/** The same for every type, by the type and whether there was no importance matrix. */
async function dryRuns(file: string, imatrix: string): Promise<Record<string, string[] | 'refused'>> {
  const choices: Record<string, string[] | 'refused'> = {};
  for (const type of QUANTIZED) {
    for (const matrix of WITH_IMATRIX.has(type) ? [null, imatrix] : [null]) {
      choices[`${type} ${matrix === null}`] = await dryRun(file, type, matrix);
    }
  }
  return choices;
}

type Choices = Awaited<ReturnType<typeof dryRuns>>;
type Asked = Pick<FamilyGguf, 'family' | 'tensors' | 'config'> & { readonly choices: Choices };

/** Makes and converts every family, a gigabyte each of checkpoints and GGUFs, and asks for all choices. */
async function askFamilies(): Promise<Asked[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-mix-'));
  try {
    const imatrix = path.join(folder, 'imatrix.gguf');
    await run(python ?? '', [path.join(SUPPORT, 'make_imatrix.py'), path.dirname(convertScript), imatrix]);
    const asked: Asked[] = [];
    for (const gguf of await convertFamilies(python ?? '', convertScript, folder, MAKER, FAMILIES)) {
      const { family, tensors, config, file } = gguf;
      asked.push({ family, tensors, config, choices: await dryRuns(file, imatrix) });
    }
    return asked;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function predicted(plan: GgufTensorPlan, type: QuantizationType, hasImatrix: boolean): string[] | 'refused' {
  const types = mixTensorTypes(prepareMix(plan), { type, baseType: BASE, hasImatrix });
  if ([...types.values()].includes(null)) return 'refused';
  return [...types].map(([name, chosen]) => `${name} ${chosen}`).sort();
}

describe.skipIf(python === null)(unlessMissing('what llama-quantize chooses', python, 'the toolchain'), () => {
  let families: { family: string; choices: Choices; plan: GgufTensorPlan }[] = [];
  beforeAll(async () => {
    const inputs = ['dry runs', await familyInputs(MAKER, FAMILIES), QUANTIZED, [...WITH_IMATRIX]];
    families = (await llamaCppFact(inputs, askFamilies)).flatMap(({ family, tensors, config, choices }) => {
      const plan = planGgufTensors({ tensors, config, tokenCount: GEMMA_TOKENS });
      return plan === null ? [] : [{ family, choices, plan }];
    });
  }, 1_200_000);

  it('is predicted for every tensor, type and family, without and with an importance matrix', () => {
    expect(families.length).toBe(FAMILIES.length);
    for (const { family, choices, plan } of families) {
      for (const type of QUANTIZED) {
        for (const hasImatrix of WITH_IMATRIX.has(type) ? [false, true] : [false]) {
          const said = choices[`${type} ${!hasImatrix}`];
          const what = [family, type, hasImatrix];
          expect([...what, predicted(plan, type, hasImatrix)]).toEqual([...what, said]);
        }
      }
    }
  });

  it('leaves alone what is stored in 32 bits', () => {
    for (const { plan } of families) {
      for (const tensor of plan.tensors.filter((one) => one.storage === 'F32')) {
        expect([tensor.name, isQuantized(tensor) ? 'quantized' : storedType(tensor, BASE)]).toEqual([
          tensor.name,
          'F32',
        ]);
      }
    }
  });

  it('gives a problem for exactly the types that it refuses', () => {
    for (const { plan } of families) {
      const sizes = quantizedSizes(plan, { baseType: BASE, tokenizer: null });
      for (const { type, problem } of sizes.filter((one) => QUANTIZED.includes(one.type))) {
        expect([type, problem === null]).toEqual([type, predicted(plan, type, false) !== 'refused']);
      }
    }
  });
});
