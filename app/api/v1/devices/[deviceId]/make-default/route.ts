import { chooseDevice } from '../../../../../../lib/commands/choose-device';
import { findDevice } from '../../../../../../lib/store/device-views';
import { answer, found, route } from '../../../../_http/api-route';

export const POST = route<{ deviceId: string }>('write', async ({ params }) => {
  await chooseDevice(params.deviceId);
  return answer(found(await findDevice(params.deviceId), 'device'));
});
