import { isFailureError } from '../domain/failure';

/** The pipeline's port of this name, and what every part of the server logs with. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, error: unknown, fields?: Record<string, unknown>): void;
}

type Level = 'info' | 'warn' | 'error';

const MASK = '[redacted]';
const SECRET_FIELD = /cookie|authorization|password|passphrase|secret|token|private.?key/i;
/** Our own tokens and the hub's, wherever they turn up; `name=value` cookies; credentials in URLs. */
const SECRET_TEXT =
  /\bqd_[A-Za-z0-9_-]{16,}|\bhf_[A-Za-z0-9]{16,}|(?<=quantdeck_session=)[^\s;"']+|(?<=:\/\/)[^\s/@"']+(?=@)|(?<=\bBearer\s)[^\s"']+/gi;
const MAX_DEPTH = 5;

/**
 * A logger that writes plain lines to a terminal and JSON lines elsewhere, without secrets: fields by name, known values
 * and known shapes wherever they stand (a stack trace has told a cookie before: GHSA-p737-p57g-4cpr).
 *
 * @param options.secrets asked at every line, because secrets are added while the process runs.
 */
export function createLogger(options: {
  readonly write: (line: string) => void;
  readonly isTty: boolean;
  readonly secrets?: () => readonly string[];
  readonly now?: () => Date;
}): Logger {
  const now = options.now ?? (() => new Date());
  const mask = (text: string) => maskText(text, options.secrets?.() ?? []);

  function log(level: Level, message: string, fields: Record<string, unknown>): void {
    const safe = cleanFields(fields, mask);
    const at = now();
    const line = options.isTty ? plainLine(at, level, mask(message), safe) : jsonLine(at, level, mask(message), safe);
    options.write(`${line}\n`);
  }

  return {
    info: (message, fields = {}) => log('info', message, fields),
    warn: (message, fields = {}) => log('warn', message, fields),
    error: (message, error, fields = {}) => log('error', message, { ...fields, ...describeError(error) }),
  };
}

function maskText(text: string, secrets: readonly string[]): string {
  let masked = text;
  // Longest first: a secret that contains another must not leave its rest behind.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length >= 6) masked = masked.replaceAll(secret, MASK);
  }
  return masked.replace(SECRET_TEXT, MASK);
}

function cleanFields(
  value: Record<string, unknown>,
  mask: (text: string) => string,
  depth = 0,
): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    clean[key] = SECRET_FIELD.test(key) && field !== null ? MASK : cleanValue(field, mask, depth + 1);
  }
  return clean;
}

function cleanValue(value: unknown, mask: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Error) return cleanFields(describeError(value), mask, depth);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (depth > MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => cleanValue(item, mask, depth + 1));
  return cleanFields(value as Record<string, unknown>, mask, depth);
}

/** Message, code, stack and the chain of causes. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const causes: string[] = [];
  for (let cause = error.cause; cause !== undefined && causes.length < MAX_DEPTH; ) {
    causes.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return {
    error: error.message,
    ...(isFailureError(error) ? { code: error.failure.code, evidence: error.failure.evidence } : {}),
    ...(causes.length > 0 ? { causes } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}

function jsonLine(at: Date, level: Level, message: string, fields: Record<string, unknown>): string {
  return JSON.stringify({ at: at.toISOString(), level, message, ...fields });
}

function plainLine(at: Date, level: Level, message: string, fields: Record<string, unknown>): string {
  const { stack, ...rest } = fields;
  const time = at.toISOString().slice(11, 19);
  const details = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  // Control characters of a host's message must not drive the terminal. Line breaks stay only in a stack.
  const head = [time, level === 'info' ? '' : level.toUpperCase(), message, ...details]
    .filter((part) => part !== '')
    .join(' ');
  const line = head.replace(/\p{Cc}/gu, ' ');
  return typeof stack === 'string' && level === 'error' ? `${line}\n${stack.replace(/[^\P{Cc}\n]/gu, ' ')}` : line;
}
