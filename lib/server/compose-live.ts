import type { Server } from 'node:http';
import { createOutboxFollower, type OutboxFollower } from '../live/outbox-follower';
import { attachSocketGateway, type SocketGateway } from '../live/socket-gateway';
import type { Logger } from '../pipeline/ports';
import { findArtifact } from '../store/artifact-views';
import { findInstance, listInstances } from '../store/instance-views';
import { findJob, findJobSummary, listJobs } from '../store/job-views';
import { readLog } from '../store/log-views';
import { newestOutboxSequence, readOutbox } from '../store/outbox';
import { findRentalSummary } from '../store/rental-views';
import { findSession } from '../store/session-views';
import { sessionCookieName } from './request-guard';

/** The live channel with its sources. Looking at a socket's session again and again must not keep that session alive. */
export function composeGateway(
  http: Server,
  options: { readonly allowedOrigins: readonly string[]; readonly isSecure: boolean; readonly logger: Logger },
): SocketGateway {
  return attachSocketGateway(http, {
    findSession: (cookie) => findSession(cookie, { isActivity: false }),
    sessionCookieName: sessionCookieName(options.isSecure),
    allowedOrigins: options.allowedOrigins,
    listJobs: async () => (await listJobs({ limit: 50 })).jobs,
    findJob,
    findJobSummary,
    listInstances,
    findInstance,
    findArtifact,
    findRentalSummary,
    readLog,
    logger: options.logger,
  });
}

/** Tells browsers what the web side's commands wrote. */
export async function composeFollower(publisher: SocketGateway['publisher'], logger: Logger): Promise<OutboxFollower> {
  return createOutboxFollower({ readOutbox, publisher, startAfter: await newestOutboxSequence(), logger });
}
