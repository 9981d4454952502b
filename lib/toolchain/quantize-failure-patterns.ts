import { type FailurePattern, LOADERS } from './failure-pattern';

/** What llama-quantize says of its work and of what it was given. On the same line the first wins. */
export const QUANTIZE_FAILURE_PATTERNS: readonly FailurePattern[] = [
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
    pattern: 'imatrix-of-another-model',
    tools: ['quantize'],
    code: 'imatrix-invalid',
    line: /imatrix size (\d+) is different from tensor size (\d+)(?: for (\S+))?/,
    cause: ([size, wanted, tensor]) =>
      `The importance matrix has ${size} numbers for ${tensor ?? 'a tensor'} that has ${wanted}: it was made from another model.`,
    remedy: 'Choose types that need none, or start a new job, which measures the weights of this model.',
  },
  {
    pattern: 'imatrix-not-finite',
    tools: ['quantize'],
    code: 'imatrix-invalid',
    line: /imatrix contains non-finite value (\S+)|GGML_ASSERT\(.*grid_index >= 0\)/,
    cause: () => 'The importance matrix holds numbers that are none: the model gave NaN while it was being measured.',
    remedy:
      'Choose types that need no importance matrix; if those do not work either, the weights themselves are broken.',
  },
  {
    pattern: 'imatrix-unreadable',
    tools: ['quantize'],
    code: 'imatrix-invalid',
    line: /failed to load imatrix from '([^']*)'|missing imatrix metadata in file (\S+)/,
    cause: ([one, other]) => `${one ?? other} is no importance matrix, or is cut short.`,
    remedy: 'Choose types that need none, or start a new job, which makes it again.',
  },
  {
    pattern: 'same-file',
    tools: ['quantize'],
    code: 'quantize-failed',
    line: /input and output files are the same: '([^']*)'/,
    cause: ([path]) => `llama-quantize was to write ${path} over itself, and refused.`,
    remedy: 'Retry: every file is written under a name of its own.',
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
];
