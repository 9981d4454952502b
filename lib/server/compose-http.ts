import type { IncomingMessage, ServerResponse } from 'node:http';
import { createOriginPolicy } from '../live/origin-policy';
import type { HostSession } from '../pipeline/host-port';
import type { Logger } from '../pipeline/ports';
import { artifactLocation, findArtifact } from '../store/artifact-views';
import { readLog } from '../store/log-views';
import { findApiToken, findSession } from '../store/session-views';
import { createArtifactContent } from './artifact-content';
import { createHttpRouter, createUpgradeFilter } from './http-router';
import { createLogContent } from './log-content';
import { createRequestGuard, sessionCookieName } from './request-guard';
import { createSecurityHeaders } from './security-headers';

export interface HttpParts {
  readonly allowedOrigins: readonly string[];
  readonly isDev: boolean;
  readonly isSecure: boolean;
  readonly connectHost: (instanceId: string, signal?: AbortSignal) => Promise<HostSession>;
  readonly next: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly logger: Logger;
}

/** The HTTP listener: our byte streams with their sources, then Next. */
export function composeHttp(parts: HttpParts): (request: IncomingMessage, response: ServerResponse) => void {
  const { allowedOrigins, isSecure } = parts;
  const guard = createRequestGuard({
    allowedOrigins,
    sessionCookieName: sessionCookieName(isSecure),
    findSession,
    findToken: findApiToken,
  });
  return createHttpRouter({
    guard,
    headers: createSecurityHeaders({ isDev: parts.isDev, isSecure: parts.isSecure }),
    logger: parts.logger,
    next: parts.next,
    logContent: createLogContent({ readLog }),
    artifactContent: createArtifactContent({
      findArtifactFile,
      openHostRange: async (instanceId, path, offset, length, onData, signal) => {
        const session = await parts.connectHost(instanceId, signal);
        try {
          await session.download(path, { offset, length }, onData, signal);
        } finally {
          session.close();
        }
      },
    }),
  });
}

async function findArtifactFile(artifactId: string) {
  const [view, location] = await Promise.all([findArtifact(artifactId), artifactLocation(artifactId)]);
  return view && location ? { ...view, ...location } : null;
}

/** Ends upgrades to anything but the live channel; in development the bundler's own socket passes the same check as ours. */
export function composeUpgradeFilter(options: { readonly allowedOrigins: readonly string[]; readonly isDev: boolean }) {
  const policy = createOriginPolicy(options.allowedOrigins);
  const isAllowed = ({ headers }: IncomingMessage) =>
    policy.isAllowedHost(headers.host) && policy.isAllowedOrigin(headers.origin);
  return createUpgradeFilter({ isDev: options.isDev, isAllowed });
}
