import type { Logger } from './logger';

/** One thing to end, in the order given: stop claiming, release leases, close sockets, close HTTP, close the database. */
export interface ShutdownStep {
  readonly name: string;
  /** After this long the next step is begun all the same. */
  readonly timeoutMs: number;
  run(): Promise<void> | void;
}

type Signal = 'SIGINT' | 'SIGTERM';

/** The part of `process` that is needed here. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
}

export interface Shutdown {
  /** Does what a signal does, without exiting; for tests and for an end that is not a signal. */
  run(): Promise<void>;
  /** Stops listening to signals. */
  dispose(): void;
}

/**
 * Ends the process in order on SIGINT or SIGTERM. Every step has its time, a failed one does not keep the others from
 * running, and a second signal exits at once (exit code 130): all state is in the database and on the hosts, so nothing is
 * lost by force.
 */
export function installShutdown(options: {
  readonly steps: readonly ShutdownStep[];
  readonly signals: SignalSource;
  readonly exit: (code: number) => void;
  readonly logger: Logger;
}): Shutdown {
  const { steps, signals, exit, logger } = options;
  let running: Promise<boolean> | null = null;

  async function runSteps(): Promise<boolean> {
    let isClean = true;
    for (const step of steps) {
      try {
        await withTimeout(step);
      } catch (error) {
        isClean = false;
        logger.error(`shutdown: ${step.name} failed`, error);
      }
    }
    return isClean;
  }

  const onSignal = () => {
    if (running) {
      logger.warn('second signal: leaving at once');
      exit(130);
      return;
    }
    logger.info('stopping; running jobs go on on their hosts and are picked up at the next start');
    running = runSteps();
    void running.then((isClean) => exit(isClean ? 0 : 1));
  };
  const names: readonly Signal[] = ['SIGINT', 'SIGTERM'];
  for (const name of names) signals.on(name, onSignal);

  return {
    async run() {
      running ??= runSteps();
      await running;
    },
    dispose() {
      for (const name of names) signals.off(name, onSignal);
    },
  };
}

async function withTimeout(step: ShutdownStep): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${step.timeoutMs} ms`)), step.timeoutMs);
  });
  try {
    await Promise.race([step.run(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
