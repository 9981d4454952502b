type TakeData = (chunk: Uint8Array, offset: number) => void | Promise<void>;

interface Segment {
  readonly lengthBytes: number;
  readonly waiting: Uint8Array[];
  receivedBytes: number;
  deliveredBytes: number;
}

export interface DeliveryRequest {
  readonly range: { readonly offset: number; readonly length: number };
  readonly segmentBytes: number;
  /** Segments that may be handed out beyond the first unfinished one. */
  readonly maxAhead: number;
  readonly onData: TakeData;
  /** Once it aborts, what waits is not handed out any more. */
  readonly signal: AbortSignal;
}

/**
 * Puts the pieces of several lanes back in order. Segments are handed to lanes in order; the first unfinished one flows
 * straight through, the others wait in memory, and how far the lanes may run ahead bounds that memory.
 */
export class OrderedDelivery {
  readonly #range: DeliveryRequest['range'];
  readonly #segmentBytes: number;
  readonly #maxAhead: number;
  readonly #onData: TakeData;
  readonly #signal: AbortSignal;
  readonly #segments = new Map<number, Segment>();
  #handedOut = 0;
  #head = 0;
  #draining: Promise<void> | null = null;
  #wake: (() => void)[] = [];

  constructor(request: DeliveryRequest) {
    this.#range = request.range;
    this.#segmentBytes = request.segmentBytes;
    this.#maxAhead = request.maxAhead;
    this.#onData = request.onData;
    this.#signal = request.signal;
  }

  get #count(): number {
    return Math.ceil(this.#range.length / this.#segmentBytes);
  }

  /** The next segment to fetch; waits while the lanes are too far ahead; null when all are handed out. */
  async take(): Promise<{ index: number; offset: number; length: number } | null> {
    while (this.#handedOut < this.#count && this.#handedOut >= this.#head + this.#maxAhead) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    if (this.#handedOut >= this.#count) return null;
    const index = this.#handedOut;
    this.#handedOut += 1;
    const start = index * this.#segmentBytes;
    const length = Math.min(this.#segmentBytes, this.#range.length - start);
    this.#segments.set(index, { lengthBytes: length, waiting: [], receivedBytes: 0, deliveredBytes: 0 });
    return { index, offset: this.#range.offset + start, length };
  }

  /** Bytes of a segment that are still to come. */
  remaining(index: number): number {
    const segment = this.#segments.get(index);
    return segment ? segment.lengthBytes - segment.receivedBytes : 0;
  }

  /** Takes the next bytes of a segment. A promise means: read no more of this lane until it resolves. */
  push(index: number, chunk: Uint8Array): void | Promise<void> {
    const segment = this.#segments.get(index);
    if (!segment) throw new Error(`segment ${index} is not under way`);
    segment.waiting.push(chunk);
    segment.receivedBytes += chunk.length;
    if (index !== this.#head) return undefined;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  /** Resolves once everything that was pushed has been handed out. */
  async settled(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    for (let segment = this.#segments.get(this.#head); segment; segment = this.#segments.get(this.#head)) {
      if (this.#signal.aborted) return;
      const chunk = segment.waiting.shift();
      if (chunk === undefined) {
        if (segment.deliveredBytes < segment.lengthBytes) return;
        this.#segments.delete(this.#head);
        this.#head += 1;
        for (const wake of this.#wake.splice(0)) wake();
        continue;
      }
      const at = this.#range.offset + this.#head * this.#segmentBytes + segment.deliveredBytes;
      segment.deliveredBytes += chunk.length;
      await this.#onData(chunk, at);
    }
  }
}
