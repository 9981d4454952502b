/**
 * The causal language model class of a `model_type` (transformers' MODEL_FOR_CAUSAL_LM_MAPPING), to restore a config.json
 * that lost its `architectures`. Only types whose tensors this folder can recognize.
 */
const CAUSAL_CLASSES: ReadonlyMap<string, { readonly name: string; readonly family: string }> = new Map([
  ['llama', { name: 'LlamaForCausalLM', family: 'decoder' }],
  ['mistral', { name: 'MistralForCausalLM', family: 'decoder' }],
  ['mixtral', { name: 'MixtralForCausalLM', family: 'decoder' }],
  ['qwen2', { name: 'Qwen2ForCausalLM', family: 'decoder' }],
  ['qwen2_moe', { name: 'Qwen2MoeForCausalLM', family: 'decoder' }],
  ['qwen3', { name: 'Qwen3ForCausalLM', family: 'decoder' }],
  ['qwen3_moe', { name: 'Qwen3MoeForCausalLM', family: 'decoder' }],
  ['phi', { name: 'PhiForCausalLM', family: 'decoder' }],
  ['phi3', { name: 'Phi3ForCausalLM', family: 'decoder' }],
  ['gemma', { name: 'GemmaForCausalLM', family: 'decoder' }],
  ['gemma2', { name: 'Gemma2ForCausalLM', family: 'decoder' }],
  ['gemma3_text', { name: 'Gemma3ForCausalLM', family: 'decoder' }],
  ['olmo2', { name: 'Olmo2ForCausalLM', family: 'decoder' }],
  ['starcoder2', { name: 'Starcoder2ForCausalLM', family: 'decoder' }],
  ['stablelm', { name: 'StableLmForCausalLM', family: 'decoder' }],
  ['smollm3', { name: 'SmolLM3ForCausalLM', family: 'decoder' }],
  ['granite', { name: 'GraniteForCausalLM', family: 'decoder' }],
  ['gpt2', { name: 'GPT2LMHeadModel', family: 'gpt2' }],
  ['gpt_neox', { name: 'GPTNeoXForCausalLM', family: 'gpt-neox' }],
  ['falcon', { name: 'FalconForCausalLM', family: 'gpt2' }],
]);

/** The class that a checkpoint without `architectures` must be; null when its tensors are named in another way. */
export function architectureOfType(modelType: string | null, family: string | null): string | null {
  const known = CAUSAL_CLASSES.get(modelType ?? '');
  return known && known.family === family ? known.name : null;
}
