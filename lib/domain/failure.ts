/**
 * Everything that can go wrong and that a person is told about, as a closed list. A failure is data: it is stored with
 * the job, sent over the API and the socket, and turned into a title by `app/_copy`.
 */
export const FAILURE_CODES = [
  // access
  'unauthenticated',
  'forbidden',
  'origin-refused',
  'rate-limited',
  'not-found',
  'invalid-input',
  'body-not-json',
  'body-too-large',
  'conflict',
  'internal',
  // reaching a host
  'host-dns',
  'host-refused',
  'host-timeout',
  'host-unreachable',
  'host-lost',
  'host-key-changed',
  'ssh-auth-refused',
  'ssh-key-invalid',
  'ssh-key-passphrase',
  'ssh-protocol',
  'sftp-unavailable',
  // what a host must have
  'host-unsupported',
  'host-disk-too-small',
  'host-memory-too-small',
  'host-not-writable',
  // renting a host
  'rental-key-missing',
  'rental-key-refused',
  'rental-key-expired',
  'rental-key-two-factor',
  'rental-key-scope',
  'rental-key-team',
  'rental-key-mismatch',
  'rental-account-changed',
  'rental-no-credit',
  'rental-credit-low',
  'rental-email-unverified',
  'rental-spend-limit',
  'rental-offer-gone',
  'rental-price-changed',
  'rental-refused',
  'rental-outcome-unknown',
  'rental-not-found',
  'rental-start-queued',
  'rental-rate-limited',
  'rental-unreachable',
  'rental-answer-invalid',
  'rental-not-ready',
  'rental-no-offer',
  'rental-machine-broken',
  'rental-machine-lost',
  'rental-gave-up',
  'rental-budget-reached',
  'rental-deadline-reached',
  'rental-holds-unsaved',
  'rental-not-obeying',
  'rental-release-unproven',
  'rental-contract-ends',
  // toolchain
  'toolchain-no-python',
  'toolchain-python-too-old',
  'toolchain-no-venv',
  'toolchain-no-compiler',
  'toolchain-no-network',
  'toolchain-no-cpu-torch',
  'toolchain-disk-full',
  'toolchain-build-failed',
  'toolchain-not-usable',
  // the source
  'hub-unreachable',
  'hub-unauthorized',
  'hub-rate-limited',
  'model-not-found',
  'model-gated',
  'revision-not-found',
  'source-folder-missing',
  'download-failed',
  'download-corrupt',
  // the checkpoint
  'model-config-missing',
  'model-config-contradicts-tensors',
  'model-weights-missing',
  'model-file-truncated',
  'model-lfs-pointer',
  'model-header-invalid',
  'model-index-disagrees',
  'model-pickle-only',
  'model-is-adapter',
  'model-is-gguf',
  'model-already-quantized',
  'model-unsupported-architecture',
  'model-tokenizer-missing',
  'model-tokenizer-mismatch',
  'model-tokenizer-too-new',
  'model-tokenizer-class-wrong',
  'model-pre-tokenizer-unknown',
  'model-remote-code',
  'answer-contradicts-tensors',
  // the work
  'disk-full',
  'out-of-memory',
  'convert-failed',
  'output-invalid',
  'quantize-failed',
  'quantization-unknown',
  'quantization-needs-imatrix',
  'imatrix-invalid',
  'requantize-refused',
  'weights-contain-nan',
  'command-failed',
  'attempt-lost',
  'verification-failed',
  'transfer-failed',
  'transfer-corrupt',
  'artifact-missing',
  'dashboard-disk-full',
  'log-shrank',
  'canceled',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** One failure in words for a tinkerer: what happened (with numbers), what to do, and the lines that show it. */
export interface Failure {
  readonly code: FailureCode;
  /** What happened and why, one or two sentences, with the numbers. */
  readonly message: string;
  /** What the person can do about it. */
  readonly remedy: string;
  /** Lines of output or facts that prove it, most telling first. Never a secret. */
  readonly evidence: readonly string[];
  /** Where each line of evidence begins in the log of the step that failed, bytes; null for one that is not from there. */
  readonly evidenceOffsets?: readonly (number | null)[] | undefined;
  /** True when the same action may succeed later without a change by the person (a network cut, a busy hub). */
  readonly isTransient: boolean;
}

export interface FailureOptions {
  readonly remedy?: string;
  readonly evidence?: readonly string[];
  readonly evidenceOffsets?: readonly (number | null)[] | undefined;
  readonly isTransient?: boolean;
  readonly cause?: unknown;
}

/** The one error class that crosses folder borders. `cause` keeps what was caught; `failure` is what is stored and shown. */
export class FailureError extends Error {
  readonly failure: Failure;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FailureError';
    this.failure = {
      code,
      message,
      remedy: options.remedy ?? '',
      evidence: options.evidence ?? [],
      ...(options.evidenceOffsets ? { evidenceOffsets: options.evidenceOffsets } : {}),
      isTransient: options.isTransient ?? false,
    };
  }
}

/** An error to throw for a failure that was stored or found out elsewhere. */
export function failureError(failure: Failure): FailureError {
  return new FailureError(failure.code, failure.message, failure);
}

/**
 * True for a FailureError of any copy of this module. Next and the server each load their own copy in one process, so
 * `instanceof` is false for an error that crossed that border.
 */
export function isFailureError(error: unknown): error is FailureError {
  return error instanceof Error && error.name === 'FailureError' && 'failure' in error;
}

/** Any caught value as a Failure; what is not ours becomes `internal` with the message kept as evidence. */
export function toFailure(error: unknown): Failure {
  if (isFailureError(error)) return error.failure;
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: 'Something went wrong inside Quantdeck.',
    remedy: 'Try again. If it stays, report it with the lines below.',
    evidence: [text],
    isTransient: false,
  };
}
