import { describe, expect, it } from 'vitest';
import { classDefaults } from '../../lib/model/class-defaults';
import { MODEL_SIGNATURES } from '../../lib/model/model-signatures';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { assess } from '../support/assess';
import { LLAMA_CONFIG, llamaShapes, TWO_EXPERTS } from '../support/llama-shapes';

const qwen2 = llamaShapes({
  'self_attn.q_proj.bias': [1024],
  'self_attn.k_proj.bias': [256],
  'self_attn.v_proj.bias': [256],
});
const qwen3 = llamaShapes({ 'self_attn.q_norm.weight': [64], 'self_attn.k_norm.weight': [64] });

describe('the class of a model', () => {
  it('is corrected where the names of the tensors leave one', () => {
    expect(assess(LLAMA_CONFIG, qwen2).patch).toEqual({ model_type: 'qwen2', architectures: 'Qwen2ForCausalLM' });
    expect(assess(LLAMA_CONFIG, qwen3).patch).toEqual({ model_type: 'qwen3', architectures: 'Qwen3ForCausalLM' });
    const [finding] = assess(LLAMA_CONFIG, qwen3).findings;
    expect(finding).toMatchObject({
      code: 'config-contradicts-tensors',
      severity: 'blocks',
      field: 'model_type',
      configured: 'llama',
      actual: 'qwen3',
    });
  });

  it('is read from the tensors of a config.json that says nothing', () => {
    expect(assess({}, qwen3).patch).toMatchObject({
      model_type: 'qwen3',
      architectures: 'Qwen3ForCausalLM',
      num_attention_heads: 16,
      num_key_value_heads: 4,
      head_dim: 64,
    });
  });

  it('stays as published for Qwen2 under Llama with biases', () => {
    expect(assess({ ...LLAMA_CONFIG, attention_bias: true }, qwen2).patch).toEqual({});
  });

  it('is asked for where several have these names', () => {
    const wrong = { ...LLAMA_CONFIG, model_type: 'qwen3', architectures: ['Qwen3ForCausalLM'] };
    // Signed by transformers, its other fields are those of one class only.
    expect(assess(wrong, llamaShapes()).patch).toMatchObject({
      model_type: 'llama',
      architectures: 'LlamaForCausalLM',
    });
    const { patch, undetermined } = assess({ ...wrong, transformers_version: undefined }, llamaShapes());
    expect(patch).not.toHaveProperty('model_type');
    expect(undetermined[0]).toMatchObject({ field: 'model_type' });
    expect(undetermined[0]?.candidates.slice(0, 2)).toEqual(['llama', 'mistral']);
  });

  it('gets one half of its name back from the other', () => {
    const { model_type: _type, ...untyped } = LLAMA_CONFIG;
    expect(assess(untyped, llamaShapes()).patch).toEqual({ model_type: 'llama' });
    const { architectures: _architectures, ...unnamed } = LLAMA_CONFIG;
    expect(assess(unnamed, llamaShapes()).patch).toEqual({ architectures: 'LlamaForCausalLM' });
  });

  it('is the type where type and class are those of different models with the same tensors', () => {
    const of = (changes: object) => assess({ ...LLAMA_CONFIG, ...changes }, llamaShapes()).patch;
    expect(of({ architectures: ['GraniteForCausalLM'] })).toEqual({ architectures: 'LlamaForCausalLM' });
    expect(of({ architectures: ['CohereForCausalLM'] })).toEqual({ architectures: 'LlamaForCausalLM' });
    expect(of({ architectures: ['MistralForCausalLM'] })).toEqual({});
    expect(of({ model_type: 'smollm3', no_rope_layer_interval: 4, sliding_window: null })).toEqual({
      architectures: 'SmolLM3ForCausalLM',
    });
  });

  it('is the class whose own fields are there, whatever type and class say', () => {
    const granite = {
      embedding_multiplier: 12,
      residual_multiplier: 0.2,
      attention_multiplier: 0.1,
      logits_scaling: 8,
    };
    const { head_dim: _size, ...config } = { ...LLAMA_CONFIG, head_dim: 64, ...granite };
    const named = { ...config, architectures: ['GraniteForCausalLM'] };
    expect(assess(named, llamaShapes()).patch).toMatchObject({ model_type: 'granite' });
    expect(assess(config, llamaShapes()).patch).toMatchObject({
      model_type: 'granite',
      architectures: 'GraniteForCausalLM',
    });
  });

  it.each([
    ['MPTForCausalLM', 'mpt', 'MptForCausalLM'],
    ['PhiMoEForCausalLM', 'phimoe', 'PhimoeForCausalLM'],
    ['LlamaForCausalLM', 'llama', 'LlamaForCausalLm'],
    ['Ernie4_5ForCausalLM', 'ernie4_5', 'Ernie45ForCausalLM'],
  ])('is spelled as the converter spells it: %s', (known, type, written) => {
    const config = { ...LLAMA_CONFIG, model_type: type, architectures: [written] };
    expect(assess(config, llamaShapes()).patch).toMatchObject({ architectures: known });
  });

  it("is the type's where a wrapper left its own name over the same tensors, without code of its own", () => {
    const wrapped = { ...LLAMA_CONFIG, architectures: ['PeftModelForCausalLM'] };
    expect(assess(wrapped, llamaShapes()).patch).toEqual({ architectures: 'LlamaForCausalLM' });
    const own = { ...wrapped, auto_map: { AutoModelForCausalLM: 'modeling_x.PeftModelForCausalLM' } };
    expect(assess(own, llamaShapes()).patch).toEqual({});
    expect(assess({ ...wrapped, architectures: ['LlamaForTokenClassification'] }, llamaShapes()).patch).toEqual({});
  });

  it('has a type in lower case', () => {
    expect(assess({ ...LLAMA_CONFIG, model_type: 'Llama' }, llamaShapes()).patch).toEqual({ model_type: 'llama' });
  });

  it('that is not known here stays as it is declared', () => {
    const own = { ...LLAMA_CONFIG, model_type: 'own', architectures: ['BaichuanForCausalLM'] };
    expect(assess(own, qwen3).patch).toEqual({});
  });

  it('known only as a projector for images is refused as that', () => {
    const vision = { ...LLAMA_CONFIG, model_type: 'smolvlm', architectures: ['SmolVLMForConditionalGeneration'] };
    expect(assess(vision, llamaShapes()).findings[0]?.message).toContain('only as a projector');
  });
});

describe('a name that is no class of a model', () => {
  it.each(['OptimizedModule', 'DistributedDataParallel', 'DeepSpeedEngine', 'PeftModel'])(
    '%s is taken for a program around the class that the tensors are of',
    (name) => {
      const config = { ...LLAMA_CONFIG, model_type: 'qwen3', architectures: [name] };
      expect(assess(config, qwen3).patch).toEqual({ architectures: 'Qwen3ForCausalLM' });
    },
  );

  it('stays unknown where the tensors are of no class that is known, or it may be one', () => {
    const own = { ...LLAMA_CONFIG, model_type: 'own', architectures: ['OptimizedModule'] };
    expect(assess(own, qwen3).findings[0]?.code).toBe('model-unsupported-architecture');
    const other = { ...LLAMA_CONFIG, model_type: 'qwen3', architectures: ['SomethingElse'] };
    expect(assess(other, qwen3).findings[0]?.code).toBe('model-unsupported-architecture');
  });
});

describe('a class whose tensors have other names', () => {
  it('is asked for, where the names are those of several', () => {
    const experts = {
      'self_attn.q_norm.weight': [64],
      'self_attn.k_norm.weight': [64],
      ...TWO_EXPERTS,
    };
    const shapes = Object.fromEntries(
      Object.entries(llamaShapes(experts)).filter(([name]) => !/mlp\.(gate|up|down)_proj/.test(name)),
    );
    const config = { ...LLAMA_CONFIG, model_type: 'deepseek', architectures: ['DeepseekForCausalLM'] };
    const { undetermined } = assess({ ...config, transformers_version: undefined }, shapes);
    expect(undetermined[0]).toMatchObject({ field: 'model_type', candidates: ['glm4_moe', 'dots1'] });
  });
});

describe('a model of text and images', () => {
  const text = { ...LLAMA_CONFIG, architectures: undefined, model_type: 'gemma3_text' };
  const whole = { architectures: ['Gemma3ForCausalLM'], text_config: text, vision_config: { model_type: 'siglip' } };

  it('that calls itself after its text part is asked what it is as a whole', () => {
    const { undetermined } = assess({ ...whole, model_type: 'gemma3_text' }, llamaShapes());
    expect(undetermined.slice(0, 2)).toMatchObject([
      { field: 'model_type', candidates: ['gemma3', 'llava'] },
      { field: 'architectures', candidates: ['Gemma3ForConditionalGeneration', 'LlavaForConditionalGeneration'] },
    ]);
  });

  it('gets its name back where a field is of one class alone', () => {
    const config = { ...whole, architectures: ['MistralForCausalLM'], text_config: { ...text, model_type: 'mistral' } };
    const { patch } = assess({ ...config, model_type: 'mistral', spatial_merge_size: 2 }, llamaShapes());
    expect(patch).toMatchObject({ model_type: 'mistral3', architectures: 'Mistral3ForConditionalGeneration' });
  });

  it('is left alone under its own name', () => {
    const { undetermined, patch } = assess({ ...whole, model_type: 'gemma3' }, llamaShapes());
    expect([undetermined.map(({ field }) => field), Object.keys(patch)]).not.toContainEqual('model_type');
  });
});

describe('the table of signatures', () => {
  it('names classes that the converter and transformers know', () => {
    for (const { modelType, architecture } of MODEL_SIGNATURES) {
      // Code beside the weights is unknown to transformers, not to the converter.
      const known = classDefaults(modelType);
      if (modelType !== 'deepseek') expect([modelType, known?.architecture]).toEqual([modelType, architecture]);
      expect([architecture, supportsTextArchitecture(architecture)]).toEqual([architecture, true]);
    }
  });
});
