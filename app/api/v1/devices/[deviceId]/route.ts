import { removeDevice } from '../../../../../lib/commands/remove-device';
import { updateDevice } from '../../../../../lib/commands/update-device';
import { findDevice } from '../../../../../lib/store/device-views';
import { answer, found, noContent, route } from '../../../_http/api-route';
import { readBody } from '../../../_http/read-input';
import { deviceChangesSchema } from '../../../_openapi/input-schemas';

interface Params extends Record<string, string> {
  deviceId: string;
}

export const PATCH = route<Params>('write', async ({ request, params }) => {
  await updateDevice(params.deviceId, await readBody(request, deviceChangesSchema));
  return answer(found(await findDevice(params.deviceId), 'device'));
});

export const DELETE = route<Params>('write', async ({ params }) => {
  await removeDevice(params.deviceId);
  return noContent();
});
