import { describe, expect, it } from 'vitest';
import { authorsMamba, declaredArchitecture } from '../../lib/model/config-reader';

describe('the class that the converter chooses for the language model', () => {
  it.each([
    ['the only one', { architectures: ['LlamaForCausalLM'] }, 'LlamaForCausalLM'],
    ['none', { model_type: 'llama' }, null],
    ['no list', { architectures: 'LlamaForCausalLM' }, null],
    ['an empty name', { architectures: [' '] }, null],
    [
      "SmolVLM's text section before the whole, which is a projector",
      { architectures: ['Idefics3ForConditionalGeneration'], text_config: { architectures: ['VLlama3ForCausalLM'] } },
      'VLlama3ForCausalLM',
    ],
    [
      "Qwen2-VL's text section, where the whole names nothing",
      { text_config: { architectures: ['Qwen2VLForConditionalGeneration'] } },
      'Qwen2VLForConditionalGeneration',
    ],
    [
      'the whole, where the section names nothing',
      { architectures: ['Gemma3ForConditionalGeneration'], text_config: { architectures: null } },
      'Gemma3ForConditionalGeneration',
    ],
    [
      'the whole of those that the converter knows so',
      { architectures: ['StepVLForConditionalGeneration'], text_config: { architectures: ['Qwen3ForCausalLM'] } },
      'StepVLForConditionalGeneration',
    ],
  ])('is %s', (_, config, architecture) => {
    expect(declaredArchitecture(config)).toBe(architecture);
    expect(authorsMamba(config)).toBeNull();
  });

  it("is in ssm_cfg of a config by Mamba's authors", () => {
    expect(declaredArchitecture({ d_model: 64, ssm_cfg: {} })).toBe('MambaForCausalLM');
    expect(declaredArchitecture({ d_model: 64, ssm_cfg: { layer: 'Mamba2' } })).toBe('Mamba2ForCausalLM');
    expect(declaredArchitecture({ ssm_cfg: { layer: 2 } })).toBeNull();
    expect(declaredArchitecture({ architectures: ['LlamaForCausalLM'], ssm_cfg: {} })).toBe('LlamaForCausalLM');
  });
});
