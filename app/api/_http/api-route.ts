import { FailureError } from '../../../lib/domain/failure';
import { type Access, type Caller, requireCaller } from './caller';
import { problemResponse } from './problem';

/** What a handler gets once the caller is known to be allowed. */
export interface RouteContext<Params> {
  readonly request: Request;
  readonly params: Params;
  readonly query: URLSearchParams;
  /** Null only for `access: 'none'`. */
  readonly caller: Caller | null;
}

/** A handler as Next calls it, marked with what it asks for, so that a test can find one that forgot the guard. */
export type Route<Params> = ((request: Request, context: { params: Promise<Params> }) => Promise<Response>) & {
  readonly access: Access;
};

const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

/**
 * The only way to make an API route: checks the caller before anything else, hands ids over checked, and turns whatever
 * is thrown into problem details.
 */
export function route<Params extends Record<string, string> = Record<never, string>>(
  access: Access,
  handle: (context: RouteContext<Params>) => Promise<Response>,
): Route<Params> {
  const run = async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    try {
      const caller = access === 'none' ? null : await requireCaller(request, access);
      // Next hands no params at all to a route whose path has none.
      const params = checkIds((await context.params) ?? ({} as Params));
      return await handle({ request, params, query: new URL(request.url).searchParams, caller });
    } catch (error) {
      return problemResponse(error, request);
    }
  };
  return Object.assign(run, { access });
}

/** Ids are opaque, but never a path or a pattern: what cannot be an id is not looked up. */
function checkIds<Params extends Record<string, string>>(params: Params): Params {
  for (const id of Object.values(params))
    if (!ID_PATTERN.test(id)) throw new FailureError('not-found', 'There is nothing with this id.');
  return params;
}

/** A JSON answer that no cache keeps: everything here is about a person's machines. */
export function answer(body: unknown, init: { status?: number; headers?: Record<string, string> } = {}): Response {
  return Response.json(body, { status: init.status ?? 200, headers: { 'cache-control': 'no-store', ...init.headers } });
}

/** The answer to a DELETE. */
export function noContent(): Response {
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
}

/** What was looked up, or `not-found` in words. */
export function found<T>(value: T | null, what: string): T {
  if (value !== null) return value;
  throw new FailureError('not-found', `There is no ${what} with this id.`, {
    remedy: 'It may have been removed. Look at the list.',
  });
}
