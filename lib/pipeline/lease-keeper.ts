import { isLeaseLost, type JobLedger, type Lease } from './ledger-port';
import type { Clock, Logger } from './ports';

/** Long enough for a slow disk or a paused laptop's wake-up, short enough that a dead worker is noticed. */
export const LEASE_MS = 30_000;

/** After a write that failed for another reason than a lost lease. */
const RETRY_MS = 1000;

/**
 * Renews a job's lease at a third of its length and aborts the job's work when it is lost, or when it ran out because the
 * database took no write. A worker that lost its lease writes nothing more and leaves the host alone: another one is
 * following the same attempt already.
 */
export async function keepLease(
  lease: Lease,
  dependencies: { ledger: JobLedger; clock: Clock; logger: Logger },
  work: { signal: AbortSignal; onLost: (error: unknown) => void },
): Promise<void> {
  const { ledger, clock, logger } = dependencies;
  let renewedMs = clock.monotonicMs();
  let pauseMs = LEASE_MS / 3;
  while (!work.signal.aborted) {
    try {
      await clock.sleep(pauseMs, work.signal);
      await ledger.renewLease(lease, LEASE_MS);
      renewedMs = clock.monotonicMs();
      pauseMs = LEASE_MS / 3;
    } catch (error) {
      if (work.signal.aborted) return;
      const hasRunOut = clock.monotonicMs() - renewedMs + RETRY_MS >= LEASE_MS;
      logger.error('the lease could not be renewed', error, { jobId: lease.jobId });
      if (isLeaseLost(error) || hasRunOut) return work.onLost(error);
      pauseMs = RETRY_MS;
    }
  }
}
