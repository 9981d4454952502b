import type { ClientChannel } from 'ssh2';
import { topUpWindow } from './channel-window';
import type { OrderedDelivery } from './ordered-delivery';

export type TakeData = (chunk: Uint8Array, offset: number) => void | Promise<void>;

export interface TransferRange {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export interface LaneOptions {
  readonly delivery: OrderedDelivery;
  /** SSH channel window; null leaves ssh2's. */
  readonly windowBytes: number | null;
  /** Requests that may wait on the host; looked at anew each time. */
  readonly requestsAhead: () => number;
  readonly onReceived: (bytes: number) => void;
}

/** The client's half of a lane: keeps requests waiting on the host and gives what comes to the right segments. */
export class TransferLane {
  readonly #options: LaneOptions;
  readonly #asked: number[] = [];
  #channel: ClientChannel | null = null;
  #isAsking = false;
  #isRetired = false;
  #isComplete = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** True while something that was asked for has not come. */
  get isWaiting(): boolean {
    return this.#asked.length > 0;
  }

  open(channel: ClientChannel): void {
    this.#channel = channel;
    this.#ask();
  }

  /** Asks for nothing more; what was asked for still comes. */
  retire(): void {
    this.#isRetired = true;
    if (this.#channel) this.#ask();
  }

  take(chunk: Buffer): void | Promise<void> {
    const { delivery, windowBytes, onReceived } = this.#options;
    const waits: (void | Promise<void>)[] = [];
    onReceived(chunk.length);
    for (let rest = chunk; rest.length > 0; ) {
      const index = this.#asked[0];
      if (index === undefined) throw new Error('the host sent more bytes than it was asked for');
      const part = rest.subarray(0, delivery.remaining(index));
      rest = rest.subarray(part.length);
      const isWhole = part.length === delivery.remaining(index);
      waits.push(delivery.push(index, part));
      if (isWhole) this.#asked.shift();
    }
    this.#ask();
    const channel = this.#channel;
    if (windowBytes !== null && channel) topUpWindow(channel, windowBytes);
    const pending = waits.filter((wait) => wait !== undefined);
    return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
  }

  #ask(): void {
    if (this.#isAsking || this.#isComplete) return;
    this.#isAsking = true;
    this.#fill().finally(() => {
      this.#isAsking = false;
    });
  }

  async #fill(): Promise<void> {
    while (this.#isRetired || this.#asked.length < this.#options.requestsAhead()) {
      const segment = this.#isRetired ? null : await this.#options.delivery.take();
      if (segment === null) {
        this.#isComplete = true;
        this.#channel?.end();
        return;
      }
      this.#asked.push(segment.index);
      this.#channel?.write(`${segment.offset} ${segment.length}\n`);
    }
  }
}
