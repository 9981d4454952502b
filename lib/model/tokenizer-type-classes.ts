import { type ConfigObject, isObject } from './config-reader';

/**
 * The tokenizer class that AutoTokenizer of transformers 4.57.6 takes for a `model_type` when no file names one, without
 * "Tokenizer" and "TokenizerFast" at its end. Facts only; regenerate when the pin moves.
 */
const CLASSES: Readonly<Record<string, string>> = {
  Bert: 'bert',
  Bloom: 'bloom',
  CodeGen: 'phi',
  CodeLlama: 'code_llama',
  Cohere: 'cohere cohere2',
  DistilBert: 'distilbert',
  GPT2: 'exaone4 gpt2 gpt_bigcode gptj granite granitemoe granitemoehybrid granitemoeshared olmo3 starcoder2',
  GPTNeoX: 'falcon_mamba gpt_neox mamba mamba2 mpt olmo olmo2 olmoe stablelm',
  Gemma: 'gemma gemma2 gemma3 gemma3_text gemma3n gemma3n_text',
  Llama:
    'arcee deepseek_v2 deepseek_v3 ernie4_5 ernie4_5_moe jamba llama llama4 llama4_text mistral mistral3 mixtral phi3',
  PreTrained: 'bitnet falcon glm glm4 glm4_moe glm4v glm4v_moe gpt_oss modernbert nemotron smollm3',
  Qwen2: 'qwen2 qwen2_5_vl qwen2_moe qwen2_vl qwen3 qwen3_moe qwen3_next qwen3_vl qwen3_vl_moe',
  Roberta: 'roberta',
};
const CLASS_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(CLASSES).flatMap(([name, types]) => types.split(' ').map((type) => [type, `${name}TokenizerFast`])),
);

/**
 * The class that loads a tokenizer.json where tokenizer_config.json names none: config.json's own word, else that of its type.
 * Null for a type that is not in the table.
 */
export function tokenizerClassOf(config: ConfigObject): string | null {
  const { tokenizer_class: named, model_type: type } = config;
  if (typeof named === 'string') return named;
  if (isObject(config['auto_map'])) return null;
  return typeof type === 'string' ? (CLASS_OF.get(type) ?? null) : null;
}
