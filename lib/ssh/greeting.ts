import { printable } from './printable-text';

/** RFC 4253, 4.2: a server may say other lines before the one that begins with SSH-. */
const LIMIT_BYTES = 4096;

/** What the other side says first, until it has named itself as an SSH server. */
export class Greeting {
  #bytes: Buffer = Buffer.alloc(0);

  /** True once there is a whole line that names an SSH server. */
  push(chunk: Buffer): boolean {
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, LIMIT_BYTES)]).subarray(0, LIMIT_BYTES);
    return this.#name?.isWhole === true;
  }

  get isFull(): boolean {
    return this.#bytes.length >= LIMIT_BYTES;
  }

  /** The line with its name, else the first line of whatever it said; bytes that are no text as numbers. */
  get text(): string {
    if (this.#bytes.length === 0) return '';
    const text = printable(this.#name?.line ?? this.#bytes.toString('latin1'), 120);
    // A TLS server answers our greeting with an alert of seven bytes, for example.
    return /[\x21-\x7e]{3}/.test(text) ? text : `bytes ${this.#bytes.subarray(0, 16).toString('hex')}`;
  }

  get #name(): { readonly line: string; readonly isWhole: boolean } | null {
    const lines = this.#bytes.toString('latin1').split('\n');
    const at = lines.findIndex((line) => line.startsWith('SSH-'));
    return at < 0 ? null : { line: lines[at] as string, isWhole: at < lines.length - 1 };
  }
}
