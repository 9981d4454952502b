import { CONVERT_FAILURE_PATTERNS } from './convert-failure-patterns';
import type { FailurePattern, Tool } from './failure-pattern';
import { GGUF_FAILURE_PATTERNS } from './gguf-failure-patterns';

const ALL: readonly Tool[] = ['convert', 'quantize', 'bench', 'completion'];

/** Every known message of the pinned tools; `tests/fixtures/toolchain/failures` holds real logs of most. */
export const FAILURE_PATTERNS: readonly FailurePattern[] = [
  ...CONVERT_FAILURE_PATTERNS,
  ...GGUF_FAILURE_PATTERNS,
  {
    pattern: 'disk-full',
    tools: ALL,
    code: 'disk-full',
    line: /No space left on device/,
    cause: () => 'The disk of the host is full.',
    remedy: 'Free space on the host or use a larger disk, then retry.',
  },
  {
    pattern: 'killed',
    tools: ALL,
    code: 'out-of-memory',
    line: /^(?:\S*: line \d+: +\d+ )?Killed\b/,
    cause: () =>
      'The kernel killed the program, almost always because the memory of the host (or its container) ran out.',
    remedy: 'Use a host with more memory; for quantizing, a lower --max-buffer-size helps too.',
  },
];
