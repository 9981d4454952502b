import type { ServerResponse } from 'node:http';
import type { Failure, FailureCode } from '../domain/failure';

/** HTTP status of each failure: 4xx for what the caller can change, 502/503/504 for what a host or the hub did. */
const STATUS = {
  unauthenticated: 401,
  forbidden: 403,
  'origin-refused': 403,
  'rate-limited': 429,
  'not-found': 404,
  'invalid-input': 400,
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
  'model-remote-code': 422,
  'disk-full': 507,
  'out-of-memory': 422,
  'convert-failed': 422,
  'output-invalid': 422,
  'quantize-failed': 422,
  'quantization-unknown': 422,
  'quantization-needs-imatrix': 422,
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

/** RFC 9457 problem details with our closed `code`. */
export interface ProblemDetails {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: FailureCode;
  readonly remedy: string;
  readonly evidence: readonly string[];
}

/** @param status where the same code can mean two things to HTTP (421 for a wrong `Host`). */
export function problemOf(failure: Failure, status: number = STATUS[failure.code]): ProblemDetails {
  // What went wrong inside stays in our log: evidence of `internal` may be a path or a query.
  const evidence = failure.code === 'internal' ? [] : failure.evidence;
  const title = failure.code.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
  return {
    type: 'about:blank',
    title,
    status,
    detail: failure.message,
    code: failure.code,
    remedy: failure.remedy,
    evidence,
  };
}

/** Answers with a problem, or cuts the connection when the answer has begun already: a short body must not look whole. */
export function sendProblem(response: ServerResponse, failure: Failure, status?: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = problemOf(failure, status);
  const body = JSON.stringify(problem);
  // What was said about a body that is not coming.
  for (const name of ['Content-Range', 'Content-Disposition', 'ETag', 'Accept-Ranges']) response.removeHeader(name);
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
  });
  response.end(body);
}
