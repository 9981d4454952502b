import { CONFIG_FAILURE_PATTERNS } from './config-failure-patterns';
import type { FailurePattern } from './failure-pattern';
import { GGUF_FAILURE_PATTERNS } from './gguf-failure-patterns';
import { PROGRAM_FAILURE_PATTERNS } from './program-failure-patterns';
import { QUANTIZE_FAILURE_PATTERNS } from './quantize-failure-patterns';
import { TOKENIZER_FAILURE_PATTERNS } from './tokenizer-failure-patterns';
import { WEIGHTS_FAILURE_PATTERNS } from './weights-failure-patterns';

/** Every known message of the pinned tools; `tests/fixtures/toolchain/failures` holds real logs of most. */
export const FAILURE_PATTERNS: readonly FailurePattern[] = [
  ...CONFIG_FAILURE_PATTERNS,
  ...TOKENIZER_FAILURE_PATTERNS,
  ...WEIGHTS_FAILURE_PATTERNS,
  ...QUANTIZE_FAILURE_PATTERNS,
  ...GGUF_FAILURE_PATTERNS,
  ...PROGRAM_FAILURE_PATTERNS,
];
