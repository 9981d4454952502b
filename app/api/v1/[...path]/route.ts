import { FailureError } from '../../../../lib/domain/failure';
import { type Route, route } from '../../_http/api-route';

type AnyPath = Route<Record<never, string>>;

/** Next would answer an address that the API does not have with a page. */
function nowhere(access: 'read' | 'write'): AnyPath {
  const guarded = route(access, async () => {
    throw new FailureError('not-found', 'The API has nothing at this address.', {
      remedy: '/api/v1/openapi.json lists every address.',
    });
  });
  // The parts of the path are no ids, so they are not handed on to be checked as such.
  const run: AnyPath = Object.assign((request: Request) => guarded(request, { params: Promise.resolve({}) }), {
    access,
  });
  return run;
}

export const GET = nowhere('read');
export const POST = nowhere('write');
export const PUT = nowhere('write');
export const PATCH = nowhere('write');
export const DELETE = nowhere('write');
