import type { JobLedger, Lease } from './ledger-port';
import type { Clock, Logger } from './ports';

/** Long enough for a slow disk or a paused laptop's wake-up, short enough that a dead worker is noticed. */
export const LEASE_MS = 30_000;

/**
 * Renews a job's lease at a third of its length and aborts the job's work when it is lost. A worker that lost its lease
 * writes nothing more and leaves the host alone: another one is following the same attempt already.
 */
export async function keepLease(
  lease: Lease,
  dependencies: { ledger: JobLedger; clock: Clock; logger: Logger },
  work: { signal: AbortSignal; onLost: (error: unknown) => void },
): Promise<void> {
  while (!work.signal.aborted) {
    try {
      await dependencies.clock.sleep(LEASE_MS / 3, work.signal);
      await dependencies.ledger.renewLease(lease, LEASE_MS);
    } catch (error) {
      if (work.signal.aborted) return;
      dependencies.logger.error('the lease could not be renewed', error, { jobId: lease.jobId });
      work.onLost(error);
      return;
    }
  }
}
