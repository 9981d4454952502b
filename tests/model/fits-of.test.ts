import { describe, expect, it } from 'vitest';
import type { DeviceProfile } from '../../lib/domain/device';
import { DEVICE_PROFILES, roomOf } from '../../lib/model/device-profiles';
import { fitsOf } from '../../lib/model/fits-of';
import { planGgufTensors } from '../../lib/model/gguf-tensor-plan';
import { llamaTensors, phi4Config, phi4Tensors } from '../support/planned-checkpoints';

const GIB = 1024 ** 3;
const [story] = DEVICE_PROFILES;
const device = (id: string): DeviceProfile => DEVICE_PROFILES.find((one) => one.id === id) ?? story;

function phi4On(profile: DeviceProfile, contextTokens = 4096) {
  const plan = planGgufTensors({ tensors: phi4Tensors(), config: phi4Config });
  const rest = { parameterCount: 14_659_507_200, baseType: 'BF16', tokenizer: null } as const;
  return fitsOf({ plan, config: phi4Config, ...rest, device: profile, contextTokens });
}

describe('fitsOf', () => {
  it("chooses Q3_K_M of Phi-4 for the story's laptop, and says why", () => {
    const fits = phi4On(story);
    const [chosen, ...others] = fits.filter((fit) => fit.isRecommended);
    expect(others).toEqual([]);
    expect(chosen).toMatchObject({ type: 'Q3_K_M', verdict: 'fits', contextTokens: 4096 });
    expect(chosen?.note).toMatch(/needs 8\.0 GiB with a conversation of 4,096 tokens, and 9\.0 GiB of memory are free/);
    const verdicts = Object.fromEntries(fits.map((fit) => [fit.type, fit.verdict]));
    expect(verdicts).toMatchObject({ BF16: 'too-big', Q4_K_M: 'too-big', IQ4_XS: 'tight', Q2_K: 'fits' });
  });

  it('gives memory for longer conversations, as long as the model can hold them', () => {
    const q2 = phi4On(story).find((fit) => fit.type === 'Q2_K');
    // 40 layers, 10 heads of 128, keys and values of 2 bytes.
    const tokenBytes = 40 * 2 * 10 * 128 * 2;
    expect(q2?.ramByContext.map((one) => one.contextTokens)).toEqual([4096, 8192, 16_384]);
    const [at4k, at8k] = q2?.ramByContext ?? [];
    expect((at8k?.ramBytes ?? 0) - (at4k?.ramBytes ?? 0)).toBe(4096 * tokenBytes);
  });

  it('chooses more bits where there is room, on a graphics card by its own memory', () => {
    expect(phi4On(device('graphics-24')).find((fit) => fit.isRecommended)?.type).toBe('Q5_K_M');
    expect(phi4On(device('graphics-8')).find((fit) => fit.type === 'Q4_K_M')?.verdict).toBe('tight');
    expect(phi4On(device('apple-8')).find((fit) => fit.type === 'Q2_K')?.verdict).toBe('too-big');
  });

  it('recommends nothing when nothing fits, and the best that only just does otherwise', () => {
    const tiny = { ...story, memoryBytes: 4 * GIB };
    expect(phi4On(tiny).some((fit) => fit.isRecommended)).toBe(false);
    const small = { ...story, memoryBytes: 9.2 * GIB };
    expect(phi4On(small).find((fit) => fit.isRecommended)).toMatchObject({ type: 'Q2_K', verdict: 'tight' });
  });

  it('estimates a model whose tensors are not planned', () => {
    const config = { num_hidden_layers: 40, hidden_size: 5120, num_attention_heads: 40, num_key_value_heads: 10 };
    const rest = { plan: null, parameterCount: 14_659_507_200, baseType: 'BF16', tokenizer: null } as const;
    const exact = phi4On(story);
    for (const fit of fitsOf({ config, ...rest, device: story })) {
      // These two depend on experts, or on what cannot be cut into blocks.
      if (fit.type === 'MXFP4_MOE' || fit.type === 'Q1_0') continue;
      const known = exact.find((one) => one.type === fit.type)?.ramBytes ?? 0;
      expect([fit.type, Math.abs(fit.ramBytes / known - 1) < 0.12]).toEqual([fit.type, true]);
    }
  });

  it('leaves out what llama-quantize cannot make', () => {
    const config = { architectures: ['LlamaForCausalLM'], num_hidden_layers: 2 };
    const plan = planGgufTensors({ tensors: llamaTensors({ hidden: 96 }), config });
    const rest = { parameterCount: 1e6, baseType: 'F16', tokenizer: null } as const;
    const types = fitsOf({ plan, config, ...rest, device: story }).map((fit) => fit.type);
    expect(types).not.toContain('Q1_0');
    expect(types).toContain('Q4_K_M');
  });
});

describe('roomOf', () => {
  it('leaves every device less than it has, and something', () => {
    for (const profile of DEVICE_PROFILES) {
      const { fullSpeedBytes, mostBytes } = roomOf(profile);
      expect(fullSpeedBytes).toBeGreaterThan(3 * GIB);
      expect(mostBytes).toBeLessThan(profile.memoryBytes + (profile.graphicsBytes ?? 0));
      expect(fullSpeedBytes).toBeLessThanOrEqual(mostBytes);
    }
  });

  it('takes nothing that is not there', () => {
    expect(roomOf({ ...story, memoryBytes: GIB })).toEqual({ fullSpeedBytes: 0, mostBytes: 0 });
  });
});
