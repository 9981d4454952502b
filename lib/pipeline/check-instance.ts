import type { ConnectionObservation, ConnectionReport, RentalContext, WorkerFix } from '../domain/connection-report';
import { connectionFailure, diagnoseConnection, rentalMatters } from '../domain/diagnose-connection';
import { type Failure, FailureError, toFailure } from '../domain/failure';
import type { HostFacts } from '../domain/instance';
import type { LivePublisher, Logger } from './ports';

/** What the database knows of checks of instances: which are asked for, and what they found. */
export interface InstanceChecks {
  /** The id of an instance whose check a person asked for, now marked as running; null when there is none. */
  claimRequestedCheck(): Promise<string | null>;
  recordCheck(
    instanceId: string,
    outcome: { facts: HostFacts } | { failure: Failure },
    report: ConnectionReport | null,
  ): Promise<void>;
  /** How far a check under way has come. */
  recordConnectionProgress(instanceId: string, report: ConnectionReport): Promise<void>;
  /** The fix to try before this check, taken away; null when there is none. */
  takeWantedFix(instanceId: string): Promise<WorkerFix | null>;
  /** Where a rented instance is now; its pinned host key stays. */
  moveInstance(instanceId: string, place: { readonly host: string; readonly port: number }): Promise<void>;
  /** The public half of the key that it is reached with; null for a password. */
  findPublicKey(instanceId: string): Promise<string | null>;
}

/** Looks at the way to a host layer by layer. */
export interface HostDoctor {
  /** Throws what is not about the host: the instance is gone, the signal's reason. */
  examine(
    instanceId: string,
    options: { readonly onProgress: (observation: ConnectionObservation) => void; readonly signal: AbortSignal },
  ): Promise<{ readonly observation: ConnectionObservation; readonly facts: HostFacts | null }>;
  switchOffTmux(instanceId: string, signal: AbortSignal): Promise<void>;
}

/** A machine that is rented, as far as its connection goes. Every method may throw one of the `rental-*` codes. */
export interface RentedHost {
  /** Where it can be reached at this moment, the best first; empty while it does not run. */
  endpoints(): Promise<readonly { readonly host: string; readonly port: number }[]>;
  /** The texts that are registered as its keys. */
  keys(): Promise<readonly string[]>;
  /** The last lines that it wrote about itself; may take half a minute to come. */
  log(): Promise<readonly string[]>;
  attachKey(publicKey: string): Promise<void>;
}

export interface RentedHosts {
  /** Null for an instance that is not rented through us. */
  find(instanceId: string): Promise<RentedHost | null>;
}

export interface CheckWorld {
  readonly checks: InstanceChecks;
  readonly doctor: HostDoctor;
  readonly rentals: RentedHosts;
  readonly live: Pick<LivePublisher, 'instanceChanged'>;
  readonly logger: Logger;
}

/**
 * Tests the connection of an instance: tries a fix that was asked for, goes the whole way to the host, and records what
 * was found with its cause and what would help. What is seen of it while it runs grows with each layer.
 */
export async function checkInstance(instanceId: string, world: CheckWorld, signal: AbortSignal): Promise<void> {
  const { checks, live } = world;
  const progress = new ProgressWriter(instanceId, world);
  live.instanceChanged(instanceId);
  try {
    const tried = await tryFix(instanceId, world, signal);
    const { observation, facts } = await world.doctor.examine(instanceId, {
      onProgress: (soFar) => progress.write(diagnoseConnection(soFar, null, tried)),
      signal,
    });
    const rental = rentalMatters(observation) ? await askService(instanceId, world, observation) : null;
    const report = diagnoseConnection(observation, rental, tried);
    await progress.settled();
    const failure = connectionFailure(observation, report);
    if (failure !== null) await checks.recordCheck(instanceId, { failure }, report);
    else if (facts !== null) await checks.recordCheck(instanceId, { facts }, report);
  } catch (error) {
    // The next process does it from the beginning.
    if (signal.aborted) return;
    await progress.settled();
    await checks.recordCheck(instanceId, { failure: toFailure(error) }, null);
  }
  live.instanceChanged(instanceId);
}

async function tryFix(instanceId: string, world: CheckWorld, signal: AbortSignal): Promise<ConnectionReport['tried']> {
  const fix = await world.checks.takeWantedFix(instanceId);
  if (fix === null) return null;
  try {
    if (fix === 'switch-off-tmux') await world.doctor.switchOffTmux(instanceId, signal);
    else await fixByService(fix, instanceId, world);
    return { fix, failure: null };
  } catch (error) {
    signal.throwIfAborted();
    return { fix, failure: toFailure(error) };
  }
}

async function fixByService(
  fix: Exclude<WorkerFix, 'switch-off-tmux'>,
  instanceId: string,
  { checks, rentals }: CheckWorld,
): Promise<void> {
  const rented = await rentals.find(instanceId);
  if (rented === null) throw new FailureError('conflict', 'This instance is not rented through Quantdeck.');
  if (fix === 'attach-key') {
    const publicKey = await checks.findPublicKey(instanceId);
    if (publicKey === null) throw new FailureError('conflict', 'This instance is not reached with a key.');
    await rented.attachKey(publicKey);
    return;
  }
  const [place] = await rented.endpoints();
  if (!place) {
    throw new FailureError('host-unreachable', 'The service names no address for this instance at the moment.', {
      remedy: 'It may still be starting. Test again in a minute.',
      isTransient: true,
    });
  }
  await checks.moveInstance(instanceId, place);
}

/** What the service knows better than the line; null in its place when it does not answer, which is no reason to fail. */
async function askService(
  instanceId: string,
  { rentals, logger }: CheckWorld,
  { stopped }: ConnectionObservation,
): Promise<RentalContext | null> {
  const rented = await rentals.find(instanceId);
  if (rented === null) return null;
  const orNull = async <T>(question: Promise<T>): Promise<T | null> => {
    try {
      return await question;
    } catch (error) {
      logger.warn('the rental service did not say what it knows of a connection', { error: toFailure(error).code });
      return null;
    }
  };
  // A log takes a while to come, and tells why a key was refused, nothing else.
  const isRefused = stopped?.failure.code === 'ssh-auth-refused';
  const [endpoints, keys, log] = await Promise.all([
    orNull(rented.endpoints()),
    orNull(rented.keys()),
    isRefused ? orNull(rented.log()) : null,
  ]);
  return { endpoints, keys, log };
}

/** Writes how far a test has come, one after the other; what is overtaken by news is left out. */
class ProgressWriter {
  readonly #instanceId: string;
  readonly #world: CheckWorld;
  #newest: ConnectionReport | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(instanceId: string, world: CheckWorld) {
    this.#instanceId = instanceId;
    this.#world = world;
  }

  write(report: ConnectionReport): void {
    this.#newest = report;
    this.#writing = this.#writing.then(() => this.#writeNewest());
  }

  settled(): Promise<void> {
    return this.#writing;
  }

  async #writeNewest(): Promise<void> {
    const report = this.#newest;
    if (report === null) return;
    this.#newest = null;
    try {
      await this.#world.checks.recordConnectionProgress(this.#instanceId, report);
      this.#world.live.instanceChanged(this.#instanceId);
    } catch (error) {
      this.#world.logger.warn('how far a test has come was not stored', { error: toFailure(error).code });
    }
  }
}
