import { fixConnection } from '../../../../../../lib/commands/fix-connection';
import { connectionFixSchema } from '../../../../../../lib/domain/connection-report';
import { answer, route } from '../../../../_http/api-route';
import { connectionOf } from '../../../../_http/connection-of';
import { readBody } from '../../../../_http/read-input';

/** Does what the last test offers; the next test, which is asked for too, shows whether it helped. */
export const POST = route<{ instanceId: string }>('write', async ({ request, params }) => {
  await fixConnection(params.instanceId, await readBody(request, connectionFixSchema));
  return answer(await connectionOf(params.instanceId), { status: 202 });
});
