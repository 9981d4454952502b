import type { LivePublisher, LogRedactor, StepLogs } from './ports';

/**
 * Writes one step's log: masks secrets, appends, tells the browsers. The file's length is the only offset there is, so
 * after a crash the next reader continues exactly where the bytes end.
 */
export class StepLog {
  readonly #jobId: string;
  readonly #stepId: string;
  readonly #logs: StepLogs;
  readonly #live: LivePublisher;
  readonly #createRedactor: () => LogRedactor;
  #redactor: LogRedactor;

  constructor(
    target: { jobId: string; stepId: string },
    logs: StepLogs,
    live: LivePublisher,
    createRedactor: () => LogRedactor,
  ) {
    this.#jobId = target.jobId;
    this.#stepId = target.stepId;
    this.#logs = logs;
    this.#live = live;
    this.#createRedactor = createRedactor;
    this.#redactor = createRedactor();
  }

  length(): Promise<number> {
    return this.#logs.length(this.#jobId, this.#stepId);
  }

  /** Forgets bytes that were held back and not written: they will be read again from the host. */
  restart(): void {
    this.#redactor = this.#createRedactor();
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#write(this.#redactor.push(bytes));
  }

  /** Writes what the redactor held back; called once the source has ended. */
  async flush(): Promise<void> {
    await this.#write(this.#redactor.flush());
    this.restart();
  }

  /** One line of the dashboard's own, or several that belong together. */
  async line(text: string): Promise<void> {
    await this.append(Buffer.from(`${text}\n`));
    await this.flush();
  }

  tail(from: number, maxBytes: number): Promise<string> {
    return this.#logs.tail(this.#jobId, this.#stepId, from, maxBytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    const length = await this.#logs.append(this.#jobId, this.#stepId, bytes);
    this.#live.logAppended(this.#jobId, this.#stepId, length - bytes.length, bytes, length);
  }
}

/** The part of the pipeline's world that a log needs. */
interface LogWorld {
  readonly logs: StepLogs;
  readonly live: LivePublisher;
  readonly hub: () => Promise<{ secrets(): readonly string[] }>;
  readonly createRedactor: (secrets: readonly string[]) => LogRedactor;
}

/** The log of one step, with everything masked that is secret now; `onOutput` is told of each piece that is stored. */
export async function openStepLog(
  world: LogWorld,
  target: { jobId: string; stepId: string },
  onOutput: (bytes: Uint8Array) => void,
): Promise<StepLog> {
  const secrets = (await world.hub()).secrets();
  const logs: StepLogs = {
    length: world.logs.length,
    tail: world.logs.tail,
    append: (jobId, stepId, bytes) => {
      onOutput(bytes);
      return world.logs.append(jobId, stepId, bytes);
    },
  };
  return new StepLog(target, logs, world.live, () => world.createRedactor(secrets));
}
