import { addDevice } from '../../../../lib/commands/add-device';
import { deviceInputSchema } from '../../../../lib/domain/device';
import { findDevice, listDevices } from '../../../../lib/store/device-views';
import { answer, found, route } from '../../_http/api-route';
import { readBody } from '../../_http/read-input';

export const GET = route('read', async () => answer({ devices: await listDevices() }));

export const POST = route('write', async ({ request }) => {
  const { deviceId } = await addDevice(await readBody(request, deviceInputSchema));
  return answer(found(await findDevice(deviceId), 'device'), { status: 201 });
});
