import type { Logger } from '../pipeline/ports';
import { pruneModelChecks } from '../store/model-check-store';
import { pruneOutbox } from '../store/outbox';
import { pruneSessions } from '../store/session-store';

const EVERY_MS = 60 * 60_000;

/** Once an hour removes what nobody needs any more: sessions that have ended, changes that every
 * browser has seen, old model checks. */
export function startHousekeeping(logger: Logger): { stop(): void } {
  const timer = setInterval(() => {
    Promise.all([pruneSessions(new Date()), pruneOutbox(), pruneModelChecks()]).catch((error: unknown) =>
      logger.error('housekeeping failed, the next round will try again', error),
    );
  }, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
