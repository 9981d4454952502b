import { requestInstanceCheck } from '../../../../../../lib/commands/request-instance-check';
import { answer, route } from '../../../../_http/api-route';
import { connectionOf } from '../../../../_http/connection-of';

interface Params extends Record<string, string> {
  instanceId: string;
}

export const GET = route<Params>('read', async ({ params }) => answer(await connectionOf(params.instanceId)));

/** Asks for a test and answers at once; `checkState` tells when it is done. */
export const POST = route<Params>('write', async ({ params }) => {
  await requestInstanceCheck(params.instanceId);
  return answer(await connectionOf(params.instanceId), { status: 202 });
});
