import { beforeAll, describe, expect, it } from 'vitest';
import { compareMetadata } from '../../../lib/model/gguf-metadata-check';
import { compareTensors } from '../../../lib/model/gguf-plan-check';
import { planGgufTensors } from '../../../lib/model/gguf-tensor-plan';
import { type FamilyGguf, GEMMA_TOKENS, rememberedFamilies } from '../../support/family-ggufs';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';

const python = toolchainProgram('python');
const convertScript = cachedPath('toolchains', 'v0.5.0', 'convert', 'convert_hf_to_gguf.py');
const F32 = 0;

/** `name [dimensions] F32`, sorted: what a plan and a header have in common. */
function lines(
  tensors: readonly { name: string; dimensions: readonly number[] }[],
  isF32: (at: number) => boolean,
): string[] {
  return tensors.map(({ name, dimensions }, at) => `${name} [${dimensions}]${isF32(at) ? ' F32' : ''}`).sort();
}

describe.skipIf(python === null)(unlessMissing('what the converter writes', python, 'the toolchain'), () => {
  let families: FamilyGguf[] = [];
  beforeAll(async () => {
    families = await rememberedFamilies(python ?? '', convertScript ?? '', 'make_family_checkpoints.py');
  }, 300_000);

  it('is planned to the last tensor, shape and float type in at least 30 families', () => {
    const planned: string[] = [];
    for (const { family, tensors, config, header } of families) {
      const plan = planGgufTensors({ tensors, config, tokenCount: GEMMA_TOKENS });
      if (plan === null) continue;
      planned.push(family);
      expect([family, plan.architecture]).toEqual([family, header.metadata.get('general.architecture')]);
      expect([family, plan.layers]).toEqual([family, 3]);
      expect([family, lines(plan.tensors, (at) => plan.tensors[at]?.storage === 'F32')]).toEqual([
        family,
        lines(header.tensors, (at) => header.tensors[at]?.typeNumber === F32),
      ]);
    }
    expect(planned.length).toBeGreaterThanOrEqual(30);
  });

  it('passes the proof after converting, in every family and with no tokenizer read', () => {
    for (const { family, tensors, config, header } of families) {
      const plan = planGgufTensors({ tensors, config });
      if (plan === null) continue;
      expect([family, compareTensors(header, plan)]).toEqual([family, []]);
      expect([family, compareMetadata(header, plan.architecture, config)]).toEqual([family, []]);
    }
  });
});
