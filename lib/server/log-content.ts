import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { FailureError } from '../domain/failure';
import { createResponseWriter } from './response-writer';

export interface LogContentDependencies {
  /**
   * Bytes of a step's log from `offset` on (past the end: none) and the log's whole length; null when the job has no such
   * step. `maxBytes` may be 0.
   */
  readLog(
    jobId: string,
    stepId: string,
    offset: number,
    maxBytes: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly length: number } | null>;
}

const querySchema = z.object({
  /** Negative: the last so many bytes. */
  offset: z.coerce.number().int().safe().default(0),
  limit: z.coerce.number().int().min(0).safe().optional(),
  download: z.enum(['0', '1']).default('0'),
});

const READ_BYTES = 256 * 1024;

/**
 * GET and HEAD of a step's raw log bytes from `offset` on, at most `limit` of them, as long as the log is at this moment.
 * `X-Log-Length` is the whole length, `X-Log-Offset` where this body begins. Never more than one piece is in memory.
 */
export function createLogContent(dependencies: LogContentDependencies) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    target: { readonly jobId: string; readonly stepId: string; readonly query: URLSearchParams },
  ): Promise<void> => {
    const { jobId, stepId } = target;
    const query = querySchema.safeParse(Object.fromEntries(target.query));
    if (!query.success)
      throw new FailureError('invalid-input', 'offset and limit must be whole numbers.', {
        remedy: 'Leave them out for the whole log.',
      });
    const { offset, limit, download } = query.data;
    const head = await dependencies.readLog(jobId, stepId, 0, 0);
    if (!head) throw new FailureError('not-found', 'There is no such step.');
    const start = Math.min(head.length, offset < 0 ? Math.max(0, head.length + offset) : offset);
    const end = limit === undefined ? head.length : Math.min(head.length, start + limit);
    response.setHeader('X-Log-Length', head.length);
    response.setHeader('X-Log-Offset', start);
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('Cache-Control', 'no-store');
    if (download === '1') response.setHeader('Content-Disposition', `attachment; filename="${jobId}-${stepId}.log"`);
    response.writeHead(200, { 'Content-Length': end - start });
    if (request.method === 'HEAD' || end === start) {
      response.end();
      return;
    }
    await stream(dependencies, response, { jobId, stepId, start, end });
  };
}

async function stream(
  dependencies: LogContentDependencies,
  response: ServerResponse,
  { jobId, stepId, start, end }: { jobId: string; stepId: string; start: number; end: number },
): Promise<void> {
  const writer = createResponseWriter(response);
  try {
    for (let offset = start; offset < end; ) {
      const piece = await dependencies.readLog(jobId, stepId, offset, Math.min(READ_BYTES, end - offset));
      if (!piece || piece.bytes.byteLength === 0)
        throw new FailureError('log-shrank', `The log ended at ${offset} of ${end} bytes.`);
      await writer.write(piece.bytes);
      offset += piece.bytes.byteLength;
    }
    await writer.end();
  } catch (error) {
    // The reader left; nobody is left to tell.
    if (!writer.signal.aborted) throw error;
  }
}
