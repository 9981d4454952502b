import type { ArtifactPart } from './ports';

/** Pieces of an SSH transfer are 32 KiB; writing each by itself halves the speed of a transfer (measured on loopback). */
const BLOCK_BYTES = 1024 * 1024;

/** Gathers the pieces of a transfer into blocks and writes a block while the next one arrives. */
export class BlockWriter {
  readonly #part: ArtifactPart;
  #offset: number;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  /** `offset`: where in the file the first piece belongs. */
  constructor(part: ArtifactPart, offset: number) {
    this.#part = part;
    this.#offset = offset;
  }

  /** Takes the next piece, which must stay as it is. A promise means: bring no more until the block before is written. */
  push(piece: Uint8Array): void | Promise<void> {
    this.#gathered.push(piece);
    this.#gatheredBytes += piece.length;
    if (this.#gatheredBytes < BLOCK_BYTES) return undefined;
    const before = this.#writing;
    this.#send();
    return before;
  }

  /** Writes what is gathered. Rejects with the first failed write's error, as `push` does from that write on. */
  async flush(): Promise<void> {
    if (this.#gatheredBytes > 0) this.#send();
    await this.#writing;
  }

  #send(): void {
    const block = Buffer.concat(this.#gathered, this.#gatheredBytes);
    const at = this.#offset;
    this.#offset += block.length;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    // After a failed write nothing is written any more: the file would have a hole that its length does not show.
    this.#writing = this.#writing.then(() => this.#part.write(block, at));
    // Whoever pushes or flushes next is told; until then this is no unhandled rejection.
    this.#writing.catch(() => undefined);
  }
}
