const MASK = 0x2a;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Shorter values are words: masking them would destroy the log and tell the secret by where the masks are. */
const SHORTEST_SECRET_BYTES = 6;
/** Hub tokens that nobody told us of: `hf_` and at least 20 letters or digits. */
const TOKEN_PREFIX = Buffer.from('hf_');
const TOKEN_LEAST_BYTES = 20;

/**
 * Masks secrets in a stream of bytes by `*` of the same length, so that offsets stay those of the host's log. Known
 * values are found as they are, percent-encoded and in base64; line ends inside them are kept. How the stream is cut into
 * chunks makes no difference: bytes in which a secret may have begun are held back until it is decided.
 */
export class Redactor {
  readonly #secrets: readonly Buffer[];
  #held: Buffer = Buffer.alloc(0);
  /** 1 for each held byte that is masked already. */
  #heldMarks: Uint8Array = new Uint8Array(0);
  /** The last byte so far belongs to a hub token that may go on. */
  #isInToken = false;

  constructor(secrets: readonly string[]) {
    this.#secrets = formsOf(secrets);
  }

  /** Takes the next bytes and answers with those that are decided. */
  push(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return new Uint8Array(0);
    const window = Buffer.concat([this.#held, bytes]);
    const marks = new Uint8Array(window.length);
    marks.set(this.#heldMarks);
    this.#continueToken(window, marks, this.#held.length);
    for (const secret of this.#secrets) markAll(window, marks, secret);
    this.#markTokens(window, marks);
    const decided = window.length - this.#undecidedBytes(window);
    this.#held = Buffer.from(window.subarray(decided));
    this.#heldMarks = marks.slice(decided);
    return masked(window.subarray(0, decided), marks);
  }

  /** The stream has ended: answers with what was held back. */
  flush(): Uint8Array {
    const rest = masked(this.#held, this.#heldMarks);
    this.#held = Buffer.alloc(0);
    this.#heldMarks = new Uint8Array(0);
    this.#isInToken = false;
    return rest;
  }

  #continueToken(window: Buffer, marks: Uint8Array, from: number): void {
    if (!this.#isInToken) return;
    const end = wordEnd(window, from);
    marks.fill(1, from, end);
    this.#isInToken = end === window.length;
  }

  #markTokens(window: Buffer, marks: Uint8Array): void {
    for (let at = window.indexOf(TOKEN_PREFIX); at !== -1; at = window.indexOf(TOKEN_PREFIX, at + 1)) {
      const start = at + TOKEN_PREFIX.length;
      const end = wordEnd(window, start);
      if (end - start < TOKEN_LEAST_BYTES) continue;
      marks.fill(1, at, end);
      if (end === window.length) this.#isInToken = true;
    }
  }

  /** How many bytes at the end may be the beginning of a secret that is not complete. */
  #undecidedBytes(window: Buffer): number {
    return Math.max(undecidedTokenBytes(window), ...this.#secrets.map((secret) => overlapBytes(window, secret)));
  }
}

/** Masks a whole text at once; for messages and evidence. */
export function redactText(text: string, secrets: readonly string[]): string {
  const redactor = new Redactor(secrets);
  return Buffer.concat([redactor.push(Buffer.from(text)), redactor.flush()]).toString('utf8');
}

function formsOf(secrets: readonly string[]): Buffer[] {
  const long = secrets.filter((secret) => Buffer.byteLength(secret) >= SHORTEST_SECRET_BYTES);
  const forms = long.flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]);
  return [...new Set(forms)].map((form) => Buffer.from(form));
}

function markAll(window: Buffer, marks: Uint8Array, secret: Buffer): void {
  for (let at = window.indexOf(secret); at !== -1; at = window.indexOf(secret, at + 1))
    marks.fill(1, at, at + secret.length);
}

/** The longest end of the window that is a beginning, not the whole, of the secret. */
function overlapBytes(window: Buffer, secret: Buffer): number {
  for (let length = Math.min(secret.length - 1, window.length); length > 0; length -= 1) {
    const start = window.length - length;
    if (window[start] === secret[0] && window.compare(secret, 0, length, start) === 0) return length;
  }
  return 0;
}

/** An end like `h`, `hf_` or `hf_AbC`, which may become a token. */
function undecidedTokenBytes(window: Buffer): number {
  const tail = window.subarray(-(TOKEN_PREFIX.length + TOKEN_LEAST_BYTES - 1));
  const match = /(?:h|hf|hf_[A-Za-z0-9]*)$/.exec(tail.toString('latin1'));
  return match ? match[0].length : 0;
}

function wordEnd(window: Buffer, from: number): number {
  let end = from;
  while (end < window.length && isLetterOrDigit(window[end] as number)) end += 1;
  return end;
}

function isLetterOrDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

function masked(bytes: Buffer, marks: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let at = 0; at < copy.length; at += 1) {
    if (marks[at] === 1 && copy[at] !== LINE_FEED && copy[at] !== CARRIAGE_RETURN) copy[at] = MASK;
  }
  return copy;
}
