import { type FailurePattern, FIX_CONFIG } from './failure-pattern';

const USE_ORIGINAL = 'Choose the original repository in 16 bit (the base model or the same name without the suffix).';
const DOWNLOAD_AGAIN = 'Download the file again; its size must be the one the hub names.';

/** What convert_hf_to_gguf.py says. More telling rows come before general ones: on the same line the first wins. */
export const CONVERT_FAILURE_PATTERNS: readonly FailurePattern[] = [
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
    pattern: 'pre-tokenizer',
    tools: ['convert'],
    code: 'model-tokenizer-mismatch',
    line: /BPE pre-tokenizer was not recognized/,
    also: /chkhsh: +\w+/,
    cause: () =>
      "The tokenizer is not one this llama.cpp knows: fine-tuning changed it, it is new, or the model's " +
      'tokenizer.model is missing.',
    remedy: "Use the base model's tokenizer files, or a newer llama.cpp if the tokenizer really is new.",
  },
  {
    pattern: 'tokenizer-model-missing',
    tools: ['convert'],
    code: 'model-tokenizer-missing',
    line: /Error: Missing (\S*tokenizer\.model)/,
    cause: ([path]) =>
      `${path} is missing. For the Phi-3 family the converter wants it unless tokenizer_class is ` +
      'GPT2Tokenizer, which newer transformers rename when they save.',
    remedy:
      'Phi-4 (vocabulary 100352): set tokenizer_class to GPT2Tokenizer in tokenizer_config.json. Others: copy ' +
      'tokenizer.model from the base model.',
  },
  {
    pattern: 'tokenizer-larger-than-vocabulary',
    tools: ['convert'],
    code: 'model-tokenizer-mismatch',
    line: /^\s*assert max\(tokenizer\.(?:get_)?vocab(?:\(\))?\.values\(\)\) < vocab_size/,
    cause: () => 'The tokenizer has more tokens than vocab_size in config.json (or than the embedding has rows).',
    remedy:
      'Take vocab_size from the embedding tensor; if that has too few rows, the added tokens must be dropped ' +
      'or the embedding resized.',
  },
  {
    pattern: 'script-newer-than-gguf',
    tools: ['convert'],
    code: 'toolchain-not-usable',
    line: /AttributeError: (?:type object 'MODEL_ARCH' has no attribute ')?'?([A-Z][A-Z0-9_]+)'?$/,
    cause: ([name]) => `The converter script is newer than the gguf package it loads (${name} is unknown to it).`,
    remedy: 'Prepare the toolchain again: script and gguf-py must be of one commit, and NO_LOCAL_GGUF must not be set.',
  },
  {
    pattern: 'shard-missing',
    tools: ['convert'],
    code: 'model-weights-missing',
    line: /(?:FileNotFoundError: .*'([^']*\.safetensors)'|Missing or incomplete model files: (.*))/,
    cause: ([one, many]) => `A weight file is missing: ${one ?? many}.`,
    remedy: 'Download that file; the index names all that belong together.',
  },
  {
    pattern: 'index-disagrees',
    tools: ['convert'],
    code: 'model-index-disagrees',
    line: /Mismatch between weight map and model parts for tensor names/,
    also: /^(?:Missing|Extra) tensors: /,
    cause: () =>
      'model.safetensors.index.json does not describe the weight files beside it (often left over from an ' +
      'upload that was sharded anew).',
    remedy: 'Generate the index again from the files, or download the whole repository at one revision.',
  },
  {
    pattern: 'lfs-pointer',
    tools: ['convert'],
    code: 'model-lfs-pointer',
    line: /Could not read complete metadata\. Need 2336927755350992254 bytes, got (\d+)/,
    cause: ([size]) => `A weight file is a git-lfs pointer of ${size} bytes and not the weights.`,
    remedy: 'Download the real file (hf download, or git lfs pull).',
  },
  {
    pattern: 'header-damaged',
    tools: ['convert'],
    code: 'model-header-invalid',
    line: /Could not read complete metadata\. Need (\d+) bytes, got (\d+)/,
    cause: ([need, got]) =>
      `A weight file's header is said to be ${need} bytes long, the file has ${got}: it is damaged or cut short.`,
    remedy: DOWNLOAD_AGAIN,
  },
  {
    pattern: 'shard-truncated',
    tools: ['convert'],
    code: 'model-file-truncated',
    line: /mmap length is greater than file size|MetadataIncompleteBuffer|incomplete metadata, file not fully covered/,
    cause: () => 'A weight file is shorter than its header says: its download was cut.',
    remedy: DOWNLOAD_AGAIN,
  },
  {
    // numpy reserves the room of a tensor before writing it, where the file system can.
    pattern: 'convert-no-room',
    tools: ['convert'],
    code: 'disk-full',
    line: /OSError: Not enough free space to write (\d+) bytes/,
    cause: ([asked]) => `The disk has too little room left for the GGUF: ${asked} bytes more did not fit.`,
    remedy: 'Free space on the host or use a larger disk, then retry. The partial file can be removed.',
  },
  {
    pattern: 'convert-disk-full',
    tools: ['convert'],
    code: 'disk-full',
    line: /OSError: (\d+) requested and (\d+) written/,
    cause: ([asked, written]) =>
      `The disk filled up while the GGUF was being written (${written} of the last ${asked} bytes fitted).`,
    remedy: 'Free space on the host or use a larger disk, then retry. The partial file can be removed.',
  },
];
