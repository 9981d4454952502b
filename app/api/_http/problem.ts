import { randomUUID } from 'node:crypto';
import { type Failure, isFailureError } from '../../../lib/domain/failure';
import { problemDetailsOf } from '../../../lib/domain/problem-details';

/** The answer for anything that was thrown. What is not a failure of ours is logged and told without its insides. */
export function problemResponse(error: unknown, request: Request): Response {
  const path = new URL(request.url).pathname;
  const isTold = isFailureError(error) && error.failure.code !== 'internal';
  const problem = problemDetailsOf(isTold ? error.failure : concealed(error, `${request.method} ${path}`), path);
  return Response.json(problem, {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer realm="quantdeck"' } : {}),
    },
  });
}

/** Stack and message stay in the console; the reference ties the two together. */
function concealed(error: unknown, request: string): Failure {
  const reference = randomUUID();
  console.error(`${request} failed (${reference})`, error);
  return {
    code: 'internal',
    message: 'Something went wrong inside Quantdeck.',
    remedy: `Try again. If it stays, look for ${reference} in the dashboard's console.`,
    evidence: [],
    isTransient: false,
  };
}
