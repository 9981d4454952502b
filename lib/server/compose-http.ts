import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostSession } from '../pipeline/host-port';
import type { Logger } from '../pipeline/ports';
import { artifactLocation, findArtifact } from '../store/artifact-views';
import { readLog } from '../store/log-views';
import { createArtifactContent } from './artifact-content';
import { createHttpRouter } from './http-router';
import { createLogContent } from './log-content';
import type { RequestGuard } from './request-guard';
import { createSecurityHeaders } from './security-headers';

export interface HttpParts {
  readonly guard: RequestGuard;
  readonly isDev: boolean;
  readonly isSecure: boolean;
  readonly connectHost: (instanceId: string, signal?: AbortSignal) => Promise<HostSession>;
  readonly next: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly logger: Logger;
}

/** The HTTP listener: our byte streams with their sources, then Next. */
export function composeHttp(parts: HttpParts): (request: IncomingMessage, response: ServerResponse) => void {
  return createHttpRouter({
    guard: parts.guard,
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
