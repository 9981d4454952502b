import { requestInstanceCheck } from '../../../../../../lib/commands/request-instance-check';
import { findInstance } from '../../../../../../lib/store/instance-views';
import { answer, found, route } from '../../../../_http/api-route';

/** Asks for a check and answers at once; `checkState` of the instance tells when it is done. */
export const POST = route<{ instanceId: string }>('write', async ({ params }) => {
  await requestInstanceCheck(params.instanceId);
  return answer(found(await findInstance(params.instanceId), 'instance'), { status: 202 });
});
