import { describe, expect, it } from 'vitest';
import { openConfig } from '../../lib/model/config-reader';
import { checkRopeScaling } from '../../lib/model/rope-scaling-check';
import { assess } from '../support/assess';
import { LLAMA_CONFIG, llamaShapes } from '../support/llama-shapes';

/** Fields that are asked for, with what they could be. */
function asked(config: Readonly<Record<string, unknown>>, shapes = llamaShapes()) {
  return Object.fromEntries(assess(config, shapes).undetermined.map(({ field, candidates }) => [field, candidates]));
}

function without(config: Readonly<Record<string, unknown>>, ...keys: string[]) {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));
}

describe('a class that only the converter knows', () => {
  const pangu = {
    ...LLAMA_CONFIG,
    model_type: 'PanguEmbedded',
    architectures: ['PanguEmbeddedForCausalLM'],
    auto_map: { AutoConfig: 'configuration.Config' },
  };

  it('is asked nothing when its config.json is whole', () => {
    expect(asked(pangu)).toEqual({});
  });

  it.each([
    ['PanguEmbedded', 'PanguEmbeddedForCausalLM', 'rms_norm_eps'],
    ['PanguEmbedded', 'PanguEmbeddedForCausalLM', 'max_position_embeddings'],
    ['nemotron-nas', 'DeciLMForCausalLM', 'rope_theta'],
    ['Dream', 'DreamModel', 'rope_theta'],
  ])('%s of %s is asked for a lost %s', (type, architecture, key) => {
    const config = { ...pangu, model_type: type, architectures: [architecture] };
    expect(Object.keys(asked(without(config, key)))).toEqual([key]);
  });

  it('is believed where its models leave a field out', () => {
    expect(asked(without(pangu, 'rope_theta'))).toEqual({});
  });

  it('is asked for its heads when it says nothing about them', () => {
    const bare = without(pangu, 'num_attention_heads', 'num_key_value_heads', 'head_dim');
    expect(Object.keys(asked(bare))).toEqual(['num_attention_heads', 'num_key_value_heads']);
    expect(asked({ ...bare, num_query_heads: [8, 8, 8, 8] })).toEqual({});
  });
});

describe('a section for the text part', () => {
  const written = { attention_dropout: 0, initializer_range: 0.02, use_cache: true, hidden_act: 'silu' };
  const text = without({ ...LLAMA_CONFIG, ...written }, 'architectures');
  const whole = { architectures: ['LlavaForConditionalGeneration'], model_type: 'llava', vision_config: {} };
  const shapes = Object.fromEntries(
    Object.entries(llamaShapes()).map(([name, shape]) => [`language_model.${name}`, shape]),
  );

  it('that is written out whole has lost what it does not say', () => {
    expect(asked({ ...whole, text_config: text }, shapes)).toEqual({});
    const cut = { ...whole, text_config: without(text, 'rope_theta') };
    expect(Object.keys(asked(cut, shapes))).toEqual(['text_config.rope_theta']);
  });

  it('that lists only what differs from its class is believed', () => {
    const short = without(text, 'rope_theta', ...Object.keys(written));
    expect(asked({ ...whole, text_config: short }, shapes)).toEqual({});
  });
});

describe('a scaling of the rotary positions', () => {
  const check = (config: Readonly<Record<string, unknown>>) =>
    checkRopeScaling(openConfig({ model_type: 'llama', max_position_embeddings: 131_072, ...config })).map(
      ({ field, candidates }) => [field, candidates],
    );
  const llama3 = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 };

  it.each([
    [{ rope_scaling: { ...llama3, original_max_position_embeddings: 8192 } }],
    [{ rope_scaling: llama3, original_max_position_embeddings: 8192 }],
    [{ rope_scaling: { type: 'linear', factor: 4 } }],
    [{ rope_scaling: { type: 'dynamic', factor: 4 } }],
    [{ rope_scaling: { rope_type: 'longrope', short_factor: [1], long_factor: [2] } }],
    [{ rope_scaling: null }],
    [{ rope_parameters: { rope_type: 'default', rope_theta: 10_000 } }],
    [{ model_type: 'qwen2_5_vl', rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] } }],
  ])('that is whole is left: %o', (config) => {
    expect(check(config)).toEqual([]);
  });

  it.each([
    [{ rope_scaling: llama3 }, 'rope_scaling.original_max_position_embeddings', [16_384, 131_072]],
    [{ rope_scaling: { type: 'yarn', factor: 4 } }, 'rope_scaling.original_max_position_embeddings', [32_768, 131_072]],
    [{ rope_scaling: { type: 'linear' } }, 'rope_scaling.factor', [4, 8, 2]],
    [{ rope_scaling: { factor: 4 } }, 'rope_scaling.rope_type', ['linear', 'yarn']],
    [{ model_type: 'qwen2_5_vl' }, 'rope_scaling', []],
    [{ model_type: 'qwen2_5_vl', rope_scaling: { type: 'mrope' } }, 'rope_scaling', []],
    [{ model_type: 'a', text_config: { model_type: 'qwen3_vl_moe_text' } }, 'text_config.rope_scaling', []],
  ])('that lacks a part is asked for: %o', (config, field, candidates) => {
    expect(check(config)).toEqual([[field, candidates]]);
  });
});
