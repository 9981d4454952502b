import { type FailurePattern, FIX_CONFIG, type Tool } from './failure-pattern';

const LOADERS: readonly Tool[] = ['quantize', 'bench', 'completion'];
const MAKE_AGAIN = 'Remove the file and run the step that makes it again.';

/** What the programs that read a GGUF say: llama-quantize, llama-bench, llama-completion. The order matters. */
export const GGUF_FAILURE_PATTERNS: readonly FailurePattern[] = [
  {
    pattern: 'quantize-disk-full',
    tools: ['quantize'],
    code: 'disk-full',
    line: /failed to quantize: basic_ios::clear: iostream error/,
    onlyWith: /^\[ *\d+\/ *\d+\] /,
    cause: () =>
      'Writing failed in the midst of the tensors: the disk is full (llama-quantize only says "iostream error").',
    remedy: 'Free space on the host or use a larger disk, then retry. The partial file can be removed.',
  },
  {
    pattern: 'quantize-cannot-write',
    tools: ['quantize'],
    code: 'host-not-writable',
    line: /failed to quantize: basic_ios::clear: iostream error/,
    cause: () => 'The output file could not be opened: its folder does not exist or may not be written.',
    remedy: 'Make the folder, or choose another one, then retry.',
  },
  {
    pattern: 'requantize',
    tools: ['quantize'],
    code: 'requantize-refused',
    line: /requantizing from type (\w+) is disabled/,
    cause: ([type]) => `The input is already quantized (${type}); quantizing again would lose more.`,
    remedy: 'Start from the bf16, f16 or f32 GGUF of the model.',
  },
  {
    pattern: 'imatrix-needed',
    tools: ['quantize'],
    code: 'quantization-needs-imatrix',
    line: /this quantization requires an i(?:mportance )?matrix!|Missing importance matrix for tensor (\S+)/,
    cause: ([tensor]) =>
      `This quantization needs an importance matrix${tensor === undefined ? '' : ` (for tensor ${tensor})`}.`,
    remedy:
      'Make one with llama-imatrix from sample text, or choose a type that needs none (IQ3_S and larger, all K ' +
      'types but Q2_K_S).',
  },
  {
    pattern: 'nan-weights',
    tools: LOADERS,
    code: 'weights-contain-nan',
    line: /ggml_validate_row_data: found (?:\d+ )?(?:nan|inf)|data validation failed|tensor '[^']*' has invalid data/i,
    also: /tensor '[^']*' has invalid data/,
    cause: () => 'The weights contain NaN or infinite numbers, so a tensor cannot be quantized.',
    remedy: 'Check the source (often a merge or training that went wrong). With an importance matrix, try without it.',
  },
  {
    pattern: 'gguf-truncated',
    tools: LOADERS,
    code: 'output-invalid',
    line: /tensor '([^']*)' data is not within the file bounds/,
    cause: ([tensor]) => `The GGUF is cut short: the data of ${tensor} lie behind its end.`,
    remedy: MAKE_AGAIN,
  },
  {
    pattern: 'gguf-magic',
    tools: LOADERS,
    code: 'output-invalid',
    line: /invalid magic characters: '(.*)', expected 'GGUF'/,
    cause: () =>
      'The file does not begin with GGUF. llama-quantize writes the beginning last, so it died before its end.',
    remedy: MAKE_AGAIN,
  },
  {
    pattern: 'embedding-shape',
    tools: LOADERS,
    code: 'model-config-contradicts-tensors',
    line: /tensor '(token_embd\.weight|output\.weight)' has wrong shape; expected ([\d, ]+), got ([\d, ]+)/,
    cause: ([tensor, expected, got]) =>
      `${tensor} should be ${shapeText(expected)} by the metadata and is ${shapeText(got)}: vocab_size or ` +
      'hidden_size in config.json was wrong.',
    remedy: FIX_CONFIG,
  },
  {
    pattern: 'attention-shape',
    tools: LOADERS,
    code: 'model-config-contradicts-tensors',
    line: /tensor '(blk\.\d+\.attn_(?:q|k|v|qkv|output)\.\w+)' has wrong shape; expected ([\d, ]+), got ([\d, ]+)/,
    cause: ([tensor, expected, got]) =>
      `${tensor} should be ${shapeText(expected)} by the metadata and is ${shapeText(got)}: ` +
      'num_attention_heads, num_key_value_heads or head_dim in config.json was wrong or missing.',
    remedy: FIX_CONFIG,
  },
  {
    pattern: 'tensor-shape',
    tools: LOADERS,
    code: 'model-config-contradicts-tensors',
    line: /tensor '([^']*)' has wrong shape; expected ([\d, ]+), got ([\d, ]+)/,
    cause: ([tensor, expected, got]) =>
      `${tensor} should be ${shapeText(expected)} by the metadata and is ${shapeText(got)}: a number in ` +
      'config.json was wrong (for ffn tensors intermediate_size).',
    remedy: FIX_CONFIG,
  },
  {
    pattern: 'layer-missing',
    tools: LOADERS,
    code: 'model-config-contradicts-tensors',
    line: /(?:tensor|missing tensor) '(blk\.(\d+)\.[^']*)'(?: not found)?/,
    cause: ([tensor, layer]) =>
      `The GGUF has no ${tensor}: config.json promised more than ${layer} layers, or a weight file was missing ` +
      'when it was converted.',
    remedy: FIX_CONFIG,
  },
  {
    pattern: 'bench-gives-no-reason',
    tools: ['bench'],
    code: 'verification-failed',
    line: /llama_bench: error: failed to load model '([^']*)'/,
    cause: ([path]) => `${path} cannot be loaded; llama-bench does not say why.`,
    remedy: 'Run llama-completion on the file: it prints the reason.',
  },
];

function shapeText(shape: string | undefined): string {
  return `[${(shape ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(', ')}]`;
}
