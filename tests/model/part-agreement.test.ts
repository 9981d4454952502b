import { describe, expect, it } from 'vitest';
import { missingInParts, missingRouters } from '../../lib/model/part-agreement';

/** Layers made of these tensors, one list a layer. */
function layers(...all: readonly (readonly string[])[]) {
  return all.flatMap((names, layer) =>
    names.map((name) => {
      const tensor = {
        name: `model.layers.${layer}.${name}`,
        shape: [4, 4],
        dtype: 'BF16',
        begin: 0,
        end: 0,
        file: 'a',
      };
      return { layer, name, tensor };
    }),
  );
}

const QKVO = ['q', 'k', 'v', 'o'].map((name) => `self_attn.${name}_proj.weight`);
const DENSE = ['gate', 'up', 'down'].map((name) => `mlp.${name}_proj.weight`);
const EXPERTS = ['gate', 'up', 'down'].map((name) => `mlp.experts.*.${name}_proj.weight`);
const ROUTED = ['mlp.router.gate.weight', 'mlp.expert_bias', ...EXPERTS];
const SHARED = ['up', 'down'].map((name) => `mlp.shared_experts.${name}_proj.weight`);

describe('a part that a layer has', () => {
  it.each([
    ['a shared expert', [...ROUTED, ...SHARED], [...ROUTED, ...SHARED.slice(1)], SHARED[0]],
    ['a router', [...ROUTED], [...ROUTED.slice(1)], ROUTED[0]],
    ['the bias of a norm', ['ln_1.weight', 'ln_1.bias'], ['ln_1.weight'], 'ln_1.bias'],
    ['the bias of keys', [...QKVO, 'self_attn.k_proj.bias'], QKVO, 'self_attn.k_proj.bias'],
    [
      'the correction of a router',
      ['mixer.gate.weight', 'mixer.gate.e_score_correction_bias'],
      ['mixer.gate.weight'],
      'mixer.gate.e_score_correction_bias',
    ],
  ])('must be whole where others have it whole: %s', (_what, whole, cut, lost) => {
    expect(missingInParts(layers(whole, cut, whole), 'any')).toEqual([`${lost} of layer 1`]);
    expect(missingInParts(layers(whole, cut), 'any')).toEqual([`${lost} of layer 1`]);
  });

  it.each([
    ['dense layers before those with experts', layers([...QKVO, ...DENSE], [...QKVO, ...ROUTED], [...QKVO, ...ROUTED])],
    // Gemma 4's global layers use the keys as values, MiMo's windows have a sink of their own.
    [
      'attention without values',
      layers(
        QKVO,
        QKVO.filter((name) => !name.includes('v_proj')),
        QKVO,
      ),
    ],
    ['a sink in some layers', layers([...QKVO, 'self_attn.attention_sink_bias'], QKVO, QKVO)],
    ['a first layer without a norm', layers(['attn.Wqkv.weight'], ['attn.Wqkv.weight', 'attn_norm.weight'])],
    ['a few layers in eight bits', layers([...DENSE, 'mlp.up_proj.weight_scale'], DENSE, DENSE)],
    ['two layers of four in another way', layers(DENSE, DENSE.slice(1), DENSE, DENSE.slice(1))],
    [
      'hash routing before scores',
      layers(['ffn.gate.weight', 'ffn.gate.tid2eid'], ['ffn.gate.weight', 'ffn.gate.bias']),
    ],
  ])('is no fault in another shape: %s', (_what, given) => {
    expect(missingInParts(given, 'any')).toEqual([]);
  });

  it('is not asked for in classes whose layers differ on purpose', () => {
    expect(missingInParts(layers(DENSE, DENSE.slice(1), DENSE), 'openelm')).toEqual([]);
  });

  it('is not looked for ever deeper in a hostile name', () => {
    const deep = `mlp${'.a'.repeat(20_000)}.weight`;
    const before = process.cpuUsage();
    expect(missingInParts(layers([...DENSE, deep], DENSE, DENSE), 'any')).toEqual([]);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(1);
  });
});

describe('experts', () => {
  it.each([
    ['feed_forward.router.weight', ['feed_forward.experts.gate_up_proj', 'feed_forward.experts.down_proj']],
    ['mlp.gate.wg.weight', EXPERTS],
    ['block_sparse_moe.primary_router.weight', ['block_sparse_moe.experts.*.up.weight']],
    ['block_sparse_moe.router.layer.weight', ['block_sparse_moe.input_linear.weight']],
    ['router.proj.weight', ['experts.down_proj']],
  ])('are chosen among by %s in every layer', (router, experts) => {
    expect(missingRouters(layers([router, ...experts], [router, ...experts]))).toEqual([]);
    const lost = missingRouters(layers(experts, [router, ...experts]));
    expect(lost).toEqual(['the router of the experts of layer 0']);
  });

  it('are not seen in a dense layer, whose gate is another', () => {
    expect(missingRouters(layers([...QKVO, ...DENSE]))).toEqual([]);
  });

  it('of a hostile layer with many thousand names are gone through once', () => {
    const names = Array.from({ length: 60_000 }, (_, at) => `${at % 2 ? 'experts' : 'other'}.n${at}.weight`);
    const before = process.cpuUsage();
    expect(missingRouters(layers(names))).toEqual(['the router of the experts of layer 0']);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2);
  });
});
