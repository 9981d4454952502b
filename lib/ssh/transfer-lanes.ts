import { ChannelLimiter } from './channel-limiter';
import { CommandRunner } from './command-runner';
import { openConnection } from './connection';
import type { SshConnection } from './open-connection';

/** One transfer at a time uses a lane's connection; a second place lets the next begin while the last one ends. */
const CHANNELS_A_LANE = 2;
const ROUND_TRIPS = 3;

/**
 * The connections a transfer may use: the session's own, and more to the same host when distance asks for them. They are
 * opened when first needed and kept, because connecting over a long way costs as much as a hundred megabytes.
 */
export class TransferLanes {
  readonly main: CommandRunner;
  /** How many the last long transfer found best; null before one has tried. */
  bestCount: number | null = null;
  readonly #extra: (Promise<CommandRunner> | undefined)[] = [];
  readonly #open = new Set<SshConnection>();
  #isClosed = false;
  #roundTripMs: Promise<number> | null = null;

  constructor(main: CommandRunner) {
    this.main = main;
    main.connection.onClose(() => this.close());
  }

  /**
   * Round trip to the host in milliseconds, measured once: the shortest of three. Not that of TCP, which ends at the
   * nearest proxy, and rented machines are often behind one.
   */
  roundTripMs(): Promise<number> {
    this.#roundTripMs ??= this.#measure();
    return this.#roundTripMs;
  }

  async #measure(): Promise<number> {
    const times: number[] = [];
    for (let turn = 0; turn < ROUND_TRIPS; turn += 1) times.push(await roundTrip(this.main.connection));
    return Math.min(...times);
  }

  /** The connection of lane `index`; 0 is the session's own. Rejects when the host does not take one more. */
  runner(index: number): Promise<CommandRunner> {
    if (index === 0) return Promise.resolve(this.main);
    const runner = this.#extra[index] ?? this.#connect(index);
    this.#extra[index] = runner;
    return runner;
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#open) connection.close();
    this.#open.clear();
  }

  async #connect(index: number): Promise<CommandRunner> {
    const forget = () => {
      this.#extra[index] = undefined;
    };
    try {
      // The pin is the key the session has seen: the same address may lead to another machine by now.
      const { endpoint, fingerprint } = this.main.connection;
      const connection = await openConnection(endpoint, { pinned: fingerprint });
      this.#open.add(connection);
      connection.onClose(() => {
        this.#open.delete(connection);
        forget();
      });
      if (this.#isClosed) connection.close();
      return new CommandRunner(connection, new ChannelLimiter(CHANNELS_A_LANE, CHANNELS_A_LANE));
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/** Times a request that every server answers at once with "no": to take back a forwarding that was never made. */
function roundTrip(connection: SshConnection): Promise<number> {
  return new Promise((resolve, reject) => {
    if (!connection.isOpen()) {
      reject(connection.lostFailure());
      return;
    }
    const startedMs = performance.now();
    const forget = connection.onClose(() => reject(connection.lostFailure()));
    connection.client.unforwardIn('127.0.0.1', 1, () => {
      forget();
      resolve(performance.now() - startedMs);
    });
  });
}
