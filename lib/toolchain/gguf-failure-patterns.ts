import { type FailurePattern, FIX_CONFIG, LOADERS } from './failure-pattern';

const ONE_VERSION = 'Prepare the host again: converter and programs must be of one version.';
const MAKE_AGAIN = 'Remove the file and run the step that makes it again.';

/** What the programs that read a GGUF say of it: llama-quantize, llama-bench, llama-completion. The order matters. */
export const GGUF_FAILURE_PATTERNS: readonly FailurePattern[] = [
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
    pattern: 'number-missing',
    tools: LOADERS,
    code: 'model-config-missing',
    line: /key not found in model: (\S+)/,
    cause: ([key]) => `The file does not say ${key}, which its architecture needs: config.json did not say it either.`,
    remedy: FIX_CONFIG,
  },
  {
    pattern: 'output-missing',
    tools: LOADERS,
    code: 'model-weights-missing',
    line: /(?:missing tensor|tensor) 'output\.weight'(?: not found)?/,
    cause: () =>
      'The file has no output layer, and this architecture does not take the embedding in its place: the layer was lost, ' +
      'or the model ties the two in a way that this llama.cpp does not know.',
    remedy: 'Look for a weight file with lm_head.weight; for a model of a new kind, a newer llama.cpp.',
  },
  {
    pattern: 'pre-tokenizer-unknown',
    tools: LOADERS,
    code: 'toolchain-not-usable',
    line: /unknown pre-tokenizer type: '([^']*)'/,
    cause: ([name]) =>
      `This llama.cpp is older than the converter that wrote the file: it does not know the pre-tokenizer ${name}.`,
    remedy: ONE_VERSION,
  },
  {
    pattern: 'architecture-unknown',
    tools: LOADERS,
    code: 'toolchain-not-usable',
    line: /unknown model architecture: '([^']*)'/,
    cause: ([name]) =>
      `This llama.cpp is older than the converter that wrote the file: it does not know the architecture ${name}.`,
    remedy: ONE_VERSION,
  },
  {
    pattern: 'tensor-count',
    tools: LOADERS,
    code: 'output-invalid',
    line: /wrong number of tensors; expected (\d+), got (\d+)/,
    cause: ([expected, got]) =>
      `The file has ${expected} tensors, of which this llama.cpp uses ${got}: it is older than the file, or the file holds more than its architecture has.`,
    remedy: ONE_VERSION,
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
