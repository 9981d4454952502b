import { removeInstance } from '../../../../../lib/commands/remove-instance';
import { updateInstance } from '../../../../../lib/commands/update-instance';
import { findInstance } from '../../../../../lib/store/instance-views';
import { answer, found, noContent, route } from '../../../_http/api-route';
import { readBody, readQuery } from '../../../_http/read-input';
import { instanceChangesSchema, removeInstanceQuerySchema } from '../../../_openapi/input-schemas';

interface Params extends Record<string, string> {
  instanceId: string;
}

export const GET = route<Params>('read', async ({ params }) =>
  answer(found(await findInstance(params.instanceId), 'instance')),
);

export const PATCH = route<Params>('write', async ({ request, params }) => {
  const changes = await readBody(request, instanceChangesSchema);
  await updateInstance(params.instanceId, changes);
  return answer(found(await findInstance(params.instanceId), 'instance'));
});

export const DELETE = route<Params>('write', async ({ params, query }) => {
  const { confirmedUnsaved } = readQuery(query, removeInstanceQuerySchema);
  await removeInstance(params.instanceId, confirmedUnsaved);
  return noContent();
});
