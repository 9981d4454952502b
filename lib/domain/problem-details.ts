import type { Failure, FailureCode } from './failure';

/**
 * The HTTP status of each failure: 4xx for what the caller can change, 502, 503 or 504 for what a host or the hub did.
 * Exhaustive: a new code does not compile until it is decided here.
 */
export const STATUS_OF_FAILURE = {
  unauthenticated: 401,
  forbidden: 403,
  'origin-refused': 403,
  'rate-limited': 429,
  'not-found': 404,
  'invalid-input': 400,
  'body-not-json': 415,
  'body-too-large': 413,
  conflict: 409,
  internal: 500,
  'host-dns': 502,
  'host-refused': 502,
  'host-timeout': 504,
  'host-unreachable': 502,
  'host-lost': 502,
  'host-key-changed': 502,
  'ssh-auth-refused': 502,
  'ssh-key-invalid': 422,
  'ssh-key-passphrase': 422,
  'ssh-protocol': 502,
  'sftp-unavailable': 502,
  'host-unsupported': 422,
  'host-disk-too-small': 422,
  'host-memory-too-small': 422,
  'host-not-writable': 422,
  'rental-key-missing': 422,
  'rental-key-refused': 422,
  'rental-key-expired': 422,
  'rental-key-two-factor': 422,
  'rental-key-scope': 422,
  'rental-key-team': 422,
  'rental-key-mismatch': 422,
  'rental-account-changed': 409,
  'rental-no-credit': 422,
  'rental-credit-low': 422,
  'rental-email-unverified': 422,
  'rental-spend-limit': 422,
  'rental-offer-gone': 409,
  'rental-price-changed': 409,
  'rental-refused': 422,
  'rental-outcome-unknown': 502,
  'rental-not-found': 404,
  'rental-start-queued': 409,
  'rental-rate-limited': 503,
  'rental-unreachable': 502,
  'rental-answer-invalid': 502,
  'rental-not-ready': 409,
  'rental-no-offer': 409,
  'rental-machine-broken': 502,
  'rental-machine-lost': 502,
  'rental-gave-up': 502,
  'rental-budget-reached': 409,
  'rental-deadline-reached': 409,
  'rental-holds-unsaved': 409,
  'rental-not-obeying': 502,
  'rental-release-unproven': 502,
  'rental-contract-ends': 409,
  'toolchain-no-python': 422,
  'toolchain-python-too-old': 422,
  'toolchain-no-venv': 422,
  'toolchain-no-compiler': 422,
  'toolchain-no-network': 422,
  'toolchain-no-cpu-torch': 422,
  'toolchain-disk-full': 422,
  'toolchain-build-failed': 422,
  'toolchain-not-usable': 422,
  'hub-unreachable': 502,
  'hub-unauthorized': 422,
  'hub-rate-limited': 503,
  'model-not-found': 422,
  'model-gated': 422,
  'revision-not-found': 422,
  'source-folder-missing': 422,
  'download-failed': 502,
  'download-corrupt': 502,
  'model-config-missing': 422,
  'model-config-contradicts-tensors': 422,
  'model-weights-missing': 422,
  'model-file-truncated': 422,
  'model-lfs-pointer': 422,
  'model-header-invalid': 422,
  'model-index-disagrees': 422,
  'model-pickle-only': 422,
  'model-is-adapter': 422,
  'model-is-gguf': 422,
  'model-already-quantized': 422,
  'model-unsupported-architecture': 422,
  'model-tokenizer-missing': 422,
  'model-tokenizer-mismatch': 422,
  'model-tokenizer-too-new': 422,
  'model-tokenizer-class-wrong': 422,
  'model-pre-tokenizer-unknown': 422,
  'model-remote-code': 422,
  'answer-contradicts-tensors': 422,
  'disk-full': 507,
  'out-of-memory': 422,
  'convert-failed': 422,
  'output-invalid': 422,
  'quantize-failed': 422,
  'quantization-unknown': 422,
  'quantization-needs-imatrix': 422,
  'imatrix-invalid': 422,
  'requantize-refused': 422,
  'weights-contain-nan': 422,
  'command-failed': 502,
  'attempt-lost': 502,
  'verification-failed': 422,
  'transfer-failed': 502,
  'transfer-corrupt': 502,
  'artifact-missing': 410,
  'dashboard-disk-full': 507,
  'log-shrank': 502,
  canceled: 409,
} as const satisfies Record<FailureCode, number>;

/** RFC 9457 problem details, with our closed code and what to do about it. */
export interface ProblemDetails {
  /** `urn:quantdeck:failure:` and the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The path that was asked for. */
  readonly instance: string;
  readonly code: FailureCode;
  readonly remedy: string;
  readonly evidence: readonly string[];
  readonly isTransient: boolean;
}

/**
 * A failure as the body of an HTTP answer. Evidence of `internal` is left out: it may be a path or a query of ours.
 * @param status where the same code means something else to HTTP (421 for a wrong `Host`)
 */
export function problemDetailsOf(
  failure: Failure,
  path: string,
  status: number = STATUS_OF_FAILURE[failure.code],
): ProblemDetails {
  return {
    type: `urn:quantdeck:failure:${failure.code}`,
    title: failure.code.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase()),
    status,
    detail: failure.message,
    instance: path,
    code: failure.code,
    remedy: failure.remedy,
    evidence: failure.code === 'internal' ? [] : failure.evidence,
    isTransient: failure.isTransient,
  };
}
