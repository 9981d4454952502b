/** Thrown by JsonCursor; callers turn it into a failure that names the file. */
export class JsonSyntaxError extends Error {
  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = 'JsonSyntaxError';
  }
}

export interface JsonDialect {
  /** Containers inside one another that are passed over before the text is refused. */
  readonly maxDepth: number;
  /** Python's json module writes and reads NaN and Infinity, and lets the later of two equal keys count. */
  readonly isPython: boolean;
}

/** Where something lies in the text: from `start` up to, not including, `end`. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

const STRICT: JsonDialect = { maxDepth: 16, isPython: false };
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const PYTHON_LITERAL = /true|false|null|NaN|-?Infinity/y;

/**
 * A strict JSON reader for text of unknown origin. JSON.parse keeps the last of two equal keys without a word and
 * accepts any nesting; this one lets the caller see every key, and bounds depth.
 */
export class JsonCursor {
  readonly #text: string;
  readonly #dialect: JsonDialect;
  #at: number;

  /** @param start where to begin, for reading a part of a text again. */
  constructor(text: string, dialect: JsonDialect = STRICT, start = 0) {
    this.#text = text;
    this.#dialect = dialect;
    this.#at = start;
  }

  /**
   * Calls `onEntry` once per key, with the cursor at the value and where the key lies; `onEntry` must consume the value.
   * Refuses duplicate keys unless the dialect is Python's. Returns where the object lies.
   */
  object(onEntry: (key: string, keySpan: JsonSpan) => void): JsonSpan {
    this.#expect('{');
    const start = this.#at - 1;
    if (this.#tryTake('}')) return { start, end: this.#at };
    const seen = this.#dialect.isPython ? null : new Set<string>();
    do {
      this.#peek();
      const keyStart = this.#at;
      const key = this.string();
      if (seen?.has(key)) throw this.error(`the key ${JSON.stringify(key.slice(0, 120))} appears twice`);
      seen?.add(key);
      const keySpan = { start: keyStart, end: this.#at };
      this.#expect(':');
      onEntry(key, keySpan);
    } while (this.#tryTake(','));
    this.#expect('}');
    return { start, end: this.#at };
  }

  /** Calls `onItem` with the cursor at each item. */
  array(onItem: () => void): void {
    this.#expect('[');
    if (this.#tryTake(']')) return;
    do onItem();
    while (this.#tryTake(','));
    this.#expect(']');
  }

  string(): string {
    if (this.#peek() !== '"') throw this.error('expected a string');
    const start = this.#at;
    let hasEscape = false;
    // A loop and not a regular expression: those run out of stack on strings of many megabytes.
    for (let at = start + 1; ; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        break;
      }
      if (!(code >= 0x20)) throw this.error('a string does not end, or holds a control character');
      if (code === 0x5c) {
        hasEscape = true;
        at += 1;
      }
    }
    if (!hasEscape) return this.#text.slice(start + 1, this.#at - 1);
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch {
      throw this.error('a string holds an escape that JSON does not have');
    }
  }

  /** A whole number from 0 to 2^53-1. */
  count(): number {
    const value = Number(this.#match(NUMBER, 'a number'));
    if (!Number.isSafeInteger(value) || value < 0) throw this.error('a whole number below 2^53 is needed');
    return value;
  }

  /** Passes over one value of any kind; returns where it lies. */
  skip(depth = 0): JsonSpan {
    if (depth > this.#dialect.maxDepth) throw this.error('nested too deeply');
    const next = this.#peek();
    const start = this.#at;
    if (next === '{') this.object(() => this.skip(depth + 1));
    else if (next === '[') this.array(() => this.skip(depth + 1));
    else if (next === '"') this.string();
    else if (this.#tryMatch(this.#dialect.isPython ? PYTHON_LITERAL : LITERAL) === undefined) {
      this.#match(NUMBER, 'a value');
    }
    return { start, end: this.#at };
  }

  /** Nothing but white space may follow. */
  end(): void {
    if (this.#peek() !== '') throw this.error('text after the end');
  }

  error(message: string): JsonSyntaxError {
    return new JsonSyntaxError(message, this.#at);
  }

  #peek(): string {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return this.#text.charAt(this.#at);
      this.#at += 1;
    }
  }

  #tryTake(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#tryTake(character)) throw this.error(`expected ${character}`);
  }

  #match(pattern: RegExp, what: string): string {
    this.#peek();
    const found = this.#tryMatch(pattern);
    if (found === undefined) throw this.error(`expected ${what}`);
    return found;
  }

  #tryMatch(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
