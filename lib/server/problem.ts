import type { ServerResponse } from 'node:http';
import type { Failure } from '../domain/failure';
import { problemDetailsOf } from '../domain/problem-details';

/** Answers with a problem, or cuts the connection when the answer has begun already: a short body must not look whole. */
export function sendProblem(
  response: ServerResponse,
  failure: Failure,
  options: { path: string; status?: number },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = problemDetailsOf(failure, options.path, options.status);
  const body = JSON.stringify(problem);
  // What was said about a body that is not coming.
  for (const name of ['Content-Range', 'Content-Disposition', 'ETag', 'Accept-Ranges']) response.removeHeader(name);
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
  });
  response.end(body);
}
