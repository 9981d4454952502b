import type { FailureCode } from '../../lib/domain/failure';

/** What a button can do about a failed job. */
export const REMEDIES = [
  'retry',
  'fetch-again',
  'inspect-again',
  'other-host',
  'other-types',
  'hub-token',
  'check-report',
  'instance',
] as const;
export type Remedy = (typeof REMEDIES)[number];

const RETRY = ['retry'] as const;
const HOST = ['instance', 'retry'] as const;
const TOOLCHAIN = ['retry', 'other-host', 'instance'] as const;
const MORE_ROOM = ['other-host', 'other-types', 'retry'] as const;
const CONFIG = ['inspect-again', 'check-report'] as const;
const WEIGHTS = ['fetch-again', 'check-report'] as const;
const OTHER_MODEL = ['check-report'] as const;
/** Rented machines have pages of their own, which say what a provider wants. */
const RENTAL = ['instance'] as const;
const NOTHING: readonly Remedy[] = [];

/** What helps against each failure of a job, the most promising first. */
const REMEDIES_OF = {
  unauthenticated: NOTHING,
  forbidden: NOTHING,
  'origin-refused': NOTHING,
  'rate-limited': RETRY,
  'not-found': RETRY,
  'invalid-input': NOTHING,
  'body-not-json': NOTHING,
  'body-too-large': NOTHING,
  conflict: NOTHING,
  internal: RETRY,
  'host-dns': HOST,
  'host-refused': HOST,
  'host-timeout': HOST,
  'host-unreachable': HOST,
  'host-lost': HOST,
  'host-key-changed': HOST,
  'ssh-auth-refused': HOST,
  'ssh-key-invalid': HOST,
  'ssh-key-passphrase': HOST,
  'ssh-protocol': HOST,
  'sftp-unavailable': HOST,
  'host-unsupported': ['other-host', 'instance'],
  'host-disk-too-small': MORE_ROOM,
  'host-memory-too-small': ['other-host', 'retry'],
  'host-not-writable': HOST,
  'toolchain-no-python': TOOLCHAIN,
  'toolchain-python-too-old': TOOLCHAIN,
  'toolchain-no-venv': TOOLCHAIN,
  'toolchain-no-compiler': TOOLCHAIN,
  'toolchain-no-network': TOOLCHAIN,
  'toolchain-no-cpu-torch': TOOLCHAIN,
  'toolchain-disk-full': ['other-host', 'retry'],
  'toolchain-build-failed': TOOLCHAIN,
  'toolchain-not-usable': TOOLCHAIN,
  'rental-key-missing': RENTAL,
  'rental-key-refused': RENTAL,
  'rental-key-expired': RENTAL,
  'rental-key-two-factor': RENTAL,
  'rental-key-scope': RENTAL,
  'rental-key-team': RENTAL,
  'rental-key-mismatch': RENTAL,
  'rental-no-credit': RENTAL,
  'rental-spend-limit': RENTAL,
  'rental-offer-gone': RENTAL,
  'rental-price-changed': RENTAL,
  'rental-refused': RENTAL,
  'rental-outcome-unknown': RENTAL,
  'rental-not-found': RENTAL,
  'rental-start-queued': RENTAL,
  'rental-rate-limited': RENTAL,
  'rental-unreachable': RENTAL,
  'rental-answer-invalid': RENTAL,
  'hub-unreachable': RETRY,
  'hub-unauthorized': ['hub-token', 'retry'],
  'hub-rate-limited': ['hub-token', 'retry'],
  'model-not-found': ['hub-token', 'check-report'],
  'model-gated': ['hub-token', 'retry'],
  'revision-not-found': ['check-report'],
  'source-folder-missing': RETRY,
  'download-failed': RETRY,
  'download-corrupt': ['fetch-again'],
  'model-config-missing': CONFIG,
  'model-config-contradicts-tensors': CONFIG,
  'model-weights-missing': WEIGHTS,
  'model-file-truncated': WEIGHTS,
  'model-lfs-pointer': WEIGHTS,
  'model-header-invalid': WEIGHTS,
  'model-index-disagrees': WEIGHTS,
  'model-pickle-only': OTHER_MODEL,
  'model-is-adapter': OTHER_MODEL,
  'model-is-gguf': OTHER_MODEL,
  'model-already-quantized': OTHER_MODEL,
  'model-unsupported-architecture': OTHER_MODEL,
  'model-tokenizer-missing': CONFIG,
  'model-tokenizer-mismatch': CONFIG,
  'model-tokenizer-too-new': CONFIG,
  'model-tokenizer-class-wrong': CONFIG,
  'model-pre-tokenizer-unknown': CONFIG,
  'model-remote-code': OTHER_MODEL,
  'answer-contradicts-tensors': OTHER_MODEL,
  'disk-full': MORE_ROOM,
  'out-of-memory': ['other-host', 'retry'],
  'convert-failed': ['check-report', 'retry'],
  'output-invalid': RETRY,
  'quantize-failed': ['retry', 'other-types'],
  'quantization-unknown': ['other-types'],
  'quantization-needs-imatrix': ['other-types'],
  'imatrix-invalid': ['other-types', 'check-report'],
  'requantize-refused': ['check-report'],
  'weights-contain-nan': ['check-report', 'other-types'],
  'command-failed': RETRY,
  'attempt-lost': HOST,
  'verification-failed': ['retry', 'check-report'],
  'transfer-failed': RETRY,
  'transfer-corrupt': RETRY,
  'artifact-missing': RETRY,
  'dashboard-disk-full': RETRY,
  'log-shrank': RETRY,
  canceled: NOTHING,
} as const satisfies Record<FailureCode, readonly Remedy[]>;

/** The remedies for a failure code; none for a code of a newer server than this page. */
export function remediesOf(code: FailureCode): readonly Remedy[] {
  return REMEDIES_OF[code] ?? NOTHING;
}
