import { randomBytes } from 'node:crypto';

/** What a login shell may print before our command is kept to this, for the evidence only. */
const NOISE_LIMIT_BYTES = 16_384;

/** A mark that no output can hold by chance. */
export function newFrameMark(): string {
  return `quantdeck-${randomBytes(12).toString('hex')}`;
}

/** The script with its mark printed first on both outputs. */
export function framed(script: string, mark: string): string {
  return `echo ${mark}; echo ${mark} >&2\n${script}`;
}

/**
 * Drops everything before the mark: banners and the noise of `.bashrc` come before our command and must never be read as
 * its answer. Works on bytes and across chunk borders.
 */
export class AnswerFrame {
  readonly #mark: Buffer;
  #noise: Buffer = Buffer.alloc(0);
  #isOpen = false;

  constructor(mark: string) {
    this.#mark = Buffer.from(`${mark}\n`);
  }

  /** True once the mark was seen: our command has run. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What came before the mark, or its last 16 KiB. */
  get noise(): string {
    return this.#noise.toString('utf8');
  }

  /** The part of this chunk that belongs to the answer; null while there is none. */
  push(chunk: Buffer): Buffer | null {
    if (this.#isOpen) return chunk;
    const all = Buffer.concat([this.#noise, chunk]);
    const at = all.indexOf(this.#mark);
    if (at < 0) {
      this.#noise = all.subarray(-NOISE_LIMIT_BYTES);
      return null;
    }
    this.#isOpen = true;
    this.#noise = all.subarray(0, at);
    const rest = all.subarray(at + this.#mark.length);
    return rest.length > 0 ? rest : null;
  }
}
