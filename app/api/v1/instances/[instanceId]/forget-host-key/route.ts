import { forgetHostKey } from '../../../../../../lib/commands/forget-host-key';
import { findInstance } from '../../../../../../lib/store/instance-views';
import { answer, found, route } from '../../../../_http/api-route';

/** Forgets the pinned host key; the next connection pins the one that the host shows then. */
export const POST = route<{ instanceId: string }>('write', async ({ params }) => {
  await forgetHostKey(params.instanceId);
  return answer(found(await findInstance(params.instanceId), 'instance'));
});
