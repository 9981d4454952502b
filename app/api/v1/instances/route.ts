import { addInstance } from '../../../../lib/commands/add-instance';
import { newInstanceSchema } from '../../../../lib/domain/instance';
import { findInstance, listInstances } from '../../../../lib/store/instance-views';
import { answer, found, route } from '../../_http/api-route';
import { readBody } from '../../_http/read-input';

export const GET = route('read', async () => answer({ instances: await listInstances() }));

export const POST = route('write', async ({ request }) => {
  const { instanceId } = await addInstance(await readBody(request, newInstanceSchema));
  const instance = found(await findInstance(instanceId), 'instance');
  return answer(instance, { status: 201, headers: { location: `/api/v1/instances/${instanceId}` } });
});
