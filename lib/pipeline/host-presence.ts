import type { StepKey } from '../domain/step-key';
import type { JobRecord } from './ledger-port';

/**
 * Whether a job's host is there: any other always is, a rented one between the steps that rent it and give it back. Nobody
 * knocks outside of that time.
 */
export class HostPresence {
  readonly #leaving = new AbortController();
  readonly #arrival: Promise<void>;
  #arrive: () => void = () => undefined;

  constructor({ spec, steps }: Pick<JobRecord, 'spec' | 'steps'>) {
    this.#arrival = new Promise((resolve) => {
      this.#arrive = resolve;
    });
    const renting = steps.find(({ key }) => key === 'rent-host');
    if (!spec.rental || renting?.status === 'succeeded') this.#arrive();
  }

  /** Aborts when the host is about to be given back. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Does a step, and knows what it means for the host. */
  async during(key: StepKey, work: () => Promise<void>): Promise<void> {
    if (key === 'release-host') this.#leaving.abort('released');
    await work();
    if (key === 'rent-host') this.#arrive();
  }

  /** Resolves once the host is there, with false when the signal aborts first. */
  untilThere(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) resolve(false);
      signal.addEventListener('abort', () => resolve(false), { once: true });
      void this.#arrival.then(() => resolve(true));
    });
  }
}
