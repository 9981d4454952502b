/**
 * Checkpoints that the check does not yet judge as it must, all of the held-out corpus: when it was first run, blind, it was
 * judged right in 228 of 264. A test fails when another joins these, and when one of them is mended and still listed. The
 * goal is an empty list.
 */
export const GAPS: ReadonlySet<string> = new Set<string>([
  'jamba--attention-period-of-the-mini',
  'llama-pruned--config-before-pruning',
  'minicpm--heads-missing',
  'internlm3--rope-theta-missing',
  'exaone3--rope-theta-missing',
  'smolvlm--text-rope-theta-missing',
  'orion--epsilon-missing',
  'minicpm--scales-missing',
  'falcon-h1--multipliers-missing',
  'qwen3-vl--rope-sections-missing',
  'mistral-long-yarn--original-context-missing',
  'mixtral-frankenmoe--class-of-a-compiled-model',
  'dots1--class-and-type-of-deepseek',
  'mistral3--text-only-class-over-the-whole',
  'llama-sharded--browser-renamed-a-shard',
  'llama-sharded--count-in-the-names-wrong',
  'llama-sharded--index-is-a-pointer',
  'glm--fsdp-wrapped',
  'mixtral-frankenmoe--router-lost',
  'deepseek-v3--correction-bias-lost',
  'granite-hybrid--shared-experts-lost',
  'eurobert--embedding-lost',
  'arcee--one-layer-in-four-bit',
  'deci--vptq',
  'hunyuan--torchao-undeclared',
  'minicpm--mlx-of-an-odd-class',
  'glm--words-cut-in-another-way',
  'deepseek-v3--tokenizer-settings-lost',
  'xverse--fast-tokenizer-lost',
]);
