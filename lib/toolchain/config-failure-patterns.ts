import { type FailurePattern, FIX_CONFIG } from './failure-pattern';

const USE_ORIGINAL = 'Choose the original repository in 16 bit (the base model or the same name without the suffix).';

/**
 * What convert_hf_to_gguf.py says of tensors and config.json. More telling rows come before general ones: on the same line
 * the first wins.
 */
export const CONFIG_FAILURE_PATTERNS: readonly FailurePattern[] = [
  {
    pattern: 'peft-keys',
    tools: ['convert'],
    code: 'model-is-adapter',
    line: /Can not map tensor '((?:base_model\.model\.|[^']*lora_[AB])[^']*)'/,
    cause: ([tensor]) => `The checkpoint holds LoRA/PEFT tensors (${tensor}), not a merged model.`,
    remedy: 'Merge the adapter into its base model (PEFT: merge_and_unload) and convert the result.',
  },
  {
    pattern: 'fp8-scales',
    tools: ['convert'],
    code: 'model-already-quantized',
    line: /Can not map tensor '([^']*weight_scale(?:_inv)?)'/,
    cause: ([tensor]) =>
      `The weights are in FP8 (${tensor}) but config.json has lost its quantization_config, so they cannot be read.`,
    remedy: 'Put the quantization_config of the original repository back, or choose the bf16 repository.',
  },
  {
    pattern: 'quantized-tensors',
    tools: ['convert'],
    code: 'model-already-quantized',
    line: /Can not map tensor '([^']*(?:qweight|qzeros|g_idx|\.SCB|\.absmax|\.quant_map|_scale|\.scales|\.biases))'/,
    cause: ([tensor]) =>
      `The weights are already quantized (${tensor}: GPTQ, AWQ, bitsandbytes, MLX or quanto), which the ` +
      'converter cannot take apart here.',
    remedy: USE_ORIGINAL,
  },
  {
    pattern: 'more-layers-than-configured',
    tools: ['convert'],
    code: 'model-config-contradicts-tensors',
    line: /Can not map tensor '(model\.(?:language_model\.)?layers\.(\d+)\.[^']*)'/,
    cause: ([tensor, layer]) =>
      `The checkpoint has a tensor of layer ${layer} (${tensor}), but config.json says there are fewer layers ` +
      `(num_hidden_layers must be at least ${Number(layer) + 1}).`,
    remedy: FIX_CONFIG,
  },
  {
    pattern: 'unknown-tensor',
    tools: ['convert'],
    code: 'convert-failed',
    line: /Can not map tensor '([^']*)'/,
    cause: ([tensor]) => `The converter does not know the tensor ${tensor} for this architecture.`,
    remedy: 'The model is a changed variant: compare it with the original, or wait for a llama.cpp that knows it.',
  },
  {
    pattern: 'quant-method',
    tools: ['convert'],
    code: 'model-already-quantized',
    line: /Quant method is not yet supported: '([^']*)'/,
    cause: ([method]) => `The checkpoint is already quantized with ${method}, which llama.cpp cannot convert.`,
    remedy: USE_ORIGINAL,
  },
  {
    pattern: 'quant-variant',
    tools: ['convert'],
    code: 'model-already-quantized',
    line: /(\d+-bit gptq dequantization is not yet|Can't handle multiple config groups|Quant format .* not yet supported)/,
    cause: ([message]) => `The checkpoint is already quantized in a way llama.cpp cannot take apart: ${message}.`,
    remedy: USE_ORIGINAL,
  },
  {
    pattern: 'architecture-unsupported',
    tools: ['convert'],
    code: 'model-unsupported-architecture',
    line: /ERROR:hf-to-gguf:Model (\S+) is not supported/,
    cause: ([name]) => `This llama.cpp (the pinned version) has no converter for the architecture ${name}.`,
    remedy: 'Check that config.json names the right architecture; if it does, a newer llama.cpp is needed.',
  },
  {
    pattern: 'architecture-missing',
    tools: ['convert'],
    code: 'model-config-missing',
    line: /Failed to detect model architecture/,
    cause: () =>
      'config.json names no architecture: it is incomplete (some tools overwrite it with only a model_type).',
    remedy:
      'Check the model again: the repair restores config.json from an older revision, the base model and the tensors.',
  },
  {
    pattern: 'config-file-missing',
    tools: ['convert'],
    code: 'model-config-missing',
    line: /FileNotFoundError: .*'((?:[^']*\/)?config\.json)'/,
    cause: ([path]) =>
      `${path} is not there. A LoRA adapter has adapter_config.json instead: it is a difference to a model, not a model.`,
    remedy: 'Take config.json from the base model; merge an adapter into its base model first.',
  },
  {
    pattern: 'config-field-absent',
    tools: ['convert'],
    code: 'model-config-missing',
    line: /KeyError: "?'?could not find any of: (\[[^\]]*\])/,
    cause: ([keys]) =>
      `config.json has none of ${keys}: it is incomplete, or keeps the language model's numbers in a section that the ` +
      'converter does not look into.',
    remedy: FIX_CONFIG,
  },
  {
    pattern: 'no-vision-part',
    tools: ['convert'],
    code: 'model-unsupported-architecture',
    line: /vision_config \/ audio_config not found in hparams/,
    cause: () => 'config.json describes no part for images or sound, so none can be converted.',
    remedy: 'Convert the language model alone, or take config.json from the original repository.',
  },
];
