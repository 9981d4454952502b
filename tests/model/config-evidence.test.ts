import { describe, expect, it } from 'vitest';
import type { ConfigEvidence } from '../../lib/model/config-evidence';
import { applyConfigPatch } from '../../lib/model/config-patch';
import { assess } from '../support/assess';
import { LLAMA_CONFIG, llamaShapes } from '../support/llama-shapes';

const shapes = llamaShapes();
const base: ConfigEvidence = {
  origin: 'base-model',
  label: 'owner/base',
  config: { ...LLAMA_CONFIG, vocab_size: 290 },
};
const earlier: ConfigEvidence = { origin: 'earlier-revision', label: 'commit 1234', config: LLAMA_CONFIG };

function without(...keys: (keyof typeof LLAMA_CONFIG)[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(LLAMA_CONFIG).filter(([key]) => !(keys as string[]).includes(key)));
}

describe('evidence', () => {
  it('is not needed by a whole config.json', () => {
    const nothing = { contradictions: [], findings: [], patch: {}, undetermined: [], repairs: [] };
    expect(assess(LLAMA_CONFIG, shapes)).toEqual(nothing);
    expect(assess(LLAMA_CONFIG, shapes, { evidence: [earlier, base] }).findings).toEqual([]);
  });

  it('answers what shapes leave open, and the repair says where the answer is from', () => {
    const { patch, undetermined, findings } = assess(without('rope_theta', 'rms_norm_eps'), shapes, {
      evidence: [base],
    });
    expect(patch).toEqual({ rope_theta: 500000, rms_norm_eps: 1e-5 });
    expect(undetermined).toEqual([]);
    expect(findings.map(({ field, message }) => [field, message.includes('the base model (owner/base) says')])).toEqual(
      [
        ['rope_theta', true],
        ['rms_norm_eps', true],
      ],
    );
  });

  it('is asked in its order', () => {
    const other = { ...base, config: { ...base.config, rope_theta: 1 } };
    expect(assess(without('rope_theta'), shapes, { evidence: [earlier, other] }).patch).toEqual({ rope_theta: 500000 });
    expect(assess(without('rope_theta'), shapes, { evidence: [other, earlier] }).patch).toEqual({ rope_theta: 1 });
  });

  it.each([
    ['contradicts a proven size', { ...LLAMA_CONFIG, intermediate_size: 4096 }],
    ['says too little to agree', { model_type: 'llama', rope_theta: 500000, vocab_size: 300 }],
  ])('is not believed when it %s', (_why, config) => {
    const { patch, undetermined } = assess(without('rope_theta'), shapes, { evidence: [{ ...base, config }] });
    expect(patch).toEqual({});
    expect(undetermined.map(({ field, candidates }) => [field, candidates[0]])).toEqual([['rope_theta', 10000]]);
  });

  it('gives back a stripped config.json whole, as an earlier revision had it', () => {
    const scaled = {
      ...LLAMA_CONFIG,
      rope_scaling: { rope_type: 'llama3', factor: 8, low_freq_factor: 1, original_max_position_embeddings: 8192 },
      eos_token_id: [1, 2],
    };
    const stripped = { model_type: 'llama' };
    const { patch, findings, undetermined } = assess(stripped, shapes, { evidence: [{ ...earlier, config: scaled }] });
    const { transformers_version: _version, ...whole } = scaled;
    expect(applyConfigPatch(stripped, patch)).toEqual(whole);
    expect(undetermined).toEqual([]);
    expect(findings[0]?.code).toBe('config-stripped');
  });

  it('names the class of a config.json that says nothing at all, where names alone do not', () => {
    expect(
      assess({}, shapes)
        .undetermined.slice(0, 2)
        .map(({ field }) => field),
    ).toEqual(['model_type', 'architectures']);
    expect(assess({}, shapes).patch).toMatchObject({
      hidden_size: 1024,
      num_hidden_layers: 4,
      intermediate_size: 1536,
    });
    const { patch, undetermined } = assess({}, shapes, { evidence: [base] });
    expect(patch).toMatchObject({ model_type: 'llama', architectures: 'LlamaForCausalLM', num_attention_heads: 16 });
    expect(patch).toMatchObject({ vocab_size: 300 });
    expect(undetermined).toEqual([]);
  });

  it('restores heads that fit the shapes and are another model', () => {
    const swapped = { ...LLAMA_CONFIG, num_attention_heads: 32, num_key_value_heads: 8, head_dim: 32 };
    expect(assess(swapped, shapes).patch).toEqual({});
    const { patch, findings } = assess(swapped, shapes, { evidence: [base] });
    expect(patch).toEqual({ num_attention_heads: 16, num_key_value_heads: 4, head_dim: 64 });
    expect(new Set(findings.map(({ code, severity }) => `${severity} ${code}`))).toEqual(
      new Set(['blocks config-differs-from-evidence']),
    );
  });

  it('doubts a rotary base that is the class default, and only mentions one that was chosen', () => {
    const lost = assess({ ...LLAMA_CONFIG, rope_theta: 10000 }, shapes, { evidence: [base] });
    expect(lost.patch).toEqual({});
    expect(lost.undetermined).toMatchObject([{ field: 'rope_theta', candidates: [500000, 10000] }]);
    expect(lost.findings.map(({ severity }) => severity)).toEqual(['damages']);
    const chosen = assess({ ...LLAMA_CONFIG, rope_theta: 4000000 }, shapes, { evidence: [base] });
    expect([chosen.undetermined, chosen.findings.map(({ severity }) => severity)]).toEqual([[], ['note']]);
  });

  it('brings a lost scaling of the context back', () => {
    const scaling = { rope_type: 'linear', factor: 4 };
    const evidence = [{ ...base, config: { ...LLAMA_CONFIG, rope_scaling: scaling } }];
    const { patch } = assess(without('rope_scaling'), shapes, { evidence });
    expect(applyConfigPatch(without('rope_scaling'), patch)).toMatchObject({ rope_scaling: scaling });
  });
});

describe('without evidence', () => {
  it('heads that fit are said to be unproven, without alarm, until another config.json agrees', () => {
    const { findings, undetermined, patch } = assess(LLAMA_CONFIG, shapes, { keepsHeadsNote: true });
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['heads-not-proven', 'note']]);
    expect(undetermined).toMatchObject([{ field: 'num_attention_heads', candidates: [16, 8, 4, 32] }]);
    expect(patch).toEqual({});
    expect(assess(LLAMA_CONFIG, shapes, { keepsHeadsNote: true, evidence: [base] }).findings).toEqual([]);
  });

  it('heads are in no doubt where the known models of these widths have as many, and in more where they have not', () => {
    const widths = { 'self_attn.q_proj.weight': [4096, 4096], 'self_attn.o_proj.weight': [4096, 4096] };
    const keys = { 'self_attn.k_proj.weight': [1024, 4096], 'self_attn.v_proj.weight': [1024, 4096] };
    const ffn = { 'mlp.gate_proj.weight': [14_336, 4096], 'mlp.up_proj.weight': [14_336, 4096] };
    const rest = {
      'mlp.down_proj.weight': [4096, 14_336],
      'input_layernorm.weight': [4096],
      'post_attention_layernorm.weight': [4096],
    };
    const ends = {
      'model.embed_tokens.weight': [300, 4096],
      'model.norm.weight': [4096],
      'lm_head.weight': [300, 4096],
    };
    const llama3 = { ...llamaShapes({ ...widths, ...keys, ...ffn, ...rest }), ...ends };
    const config = { ...LLAMA_CONFIG, hidden_size: 4096, intermediate_size: 14_336 };
    const of = (heads: number, keyValueHeads: number, size: number) =>
      assess({ ...config, num_attention_heads: heads, num_key_value_heads: keyValueHeads, head_dim: size }, llama3, {
        keepsHeadsNote: true,
      }).findings.map(({ code, severity }) => [code, severity]);
    expect(of(32, 8, 128)).toEqual([]);
    expect(of(64, 16, 64)).toEqual([['heads-not-proven', 'damages']]);
  });

  it('what a signed config.json lost is asked for, with candidates', () => {
    const { undetermined, findings } = assess(without('rope_theta', 'rope_scaling', 'max_position_embeddings'), shapes);
    expect(undetermined.map(({ field }) => field)).toEqual(['rope_theta', 'max_position_embeddings', 'rope_scaling']);
    expect(findings.every(({ severity }) => severity === 'blocks')).toBe(true);
  });

  it('an unsigned one may mean the default: said, and not stopped for', () => {
    const { findings } = assess(without('rope_theta', 'transformers_version'), shapes);
    expect(findings.map(({ severity, field }) => [severity, field])).toEqual([['damages', 'rope_theta']]);
  });

  it('a Llama older than the field means the default', () => {
    const { findings, undetermined } = assess(
      { ...without('rope_theta'), transformers_version: '4.28.0.dev0' },
      shapes,
    );
    expect(undetermined).toEqual([]);
    expect(findings.map(({ severity, field }) => [severity, field])).toEqual([['note', 'rope_theta']]);
  });

  it('heads are asked for with all that fit, the likeliest first', () => {
    const { undetermined } = assess(without('num_attention_heads', 'num_key_value_heads', 'head_dim'), shapes);
    expect(undetermined).toMatchObject([
      { field: 'num_attention_heads', candidates: [8, 16, 4, 32] },
      { field: 'num_key_value_heads', candidates: [2, 4, 1, 8] },
      { field: 'head_dim', candidates: [128, 64, 256, 32] },
    ]);
    expect(undetermined[0]?.reason).toContain('model.layers.0.self_attn.q_proj.weight [1024, 1024]');
  });

  it.each([
    [{ num_key_value_heads: undefined }, { num_key_value_heads: 4 }],
    [{ num_key_value_heads: 16 }, { num_key_value_heads: 4 }],
    [{ num_attention_heads: undefined }, { num_attention_heads: 16 }],
    [{ num_attention_heads: 8 }, { num_attention_heads: 16 }],
    [{ head_dim: 128 }, { head_dim: 64 }],
    [
      { num_attention_heads: undefined, num_key_value_heads: undefined },
      { num_attention_heads: 16, num_key_value_heads: 4 },
    ],
  ])('one wrong or missing number of heads is settled by the others: %o', (change, patch) => {
    const config = JSON.parse(JSON.stringify({ ...LLAMA_CONFIG, ...change })) as Record<string, unknown>;
    expect(assess(config, shapes)).toMatchObject({ patch, undetermined: [] });
  });
});
