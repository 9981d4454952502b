'use server';
import { addDevice } from '../../lib/commands/add-device';
import { chooseDevice } from '../../lib/commands/choose-device';
import { removeDevice } from '../../lib/commands/remove-device';
import { updateDevice } from '../../lib/commands/update-device';
import { deviceInputSchema } from '../../lib/domain/device';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { checkForm } from './form-error';
import { formText } from './form-text';
import { readDeviceForm } from './read-device-form';

/** Keeps a device, a new one where no `deviceId` is given; with `makeDefault` it is the one that fits are judged for. */
export async function saveDeviceAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<{ readonly deviceId: string }>> {
  return runAction(async () => {
    const device = checkForm(deviceInputSchema, readDeviceForm(form));
    const known = formText(form, 'deviceId');
    if (known !== '') await updateDevice(known, device);
    const deviceId = known === '' ? (await addDevice(device)).deviceId : known;
    if (form.has('makeDefault')) await chooseDevice(deviceId);
    return { deviceId };
  });
}

/** Makes a device the one that fits are judged for. */
export async function chooseDeviceAction(_previous: unknown, form: FormData): Promise<ActionResult<object>> {
  return runAction(async () => {
    await chooseDevice(formText(form, 'deviceId'));
    return {};
  });
}

/** Forgets a device. */
export async function removeDeviceAction(_previous: unknown, form: FormData): Promise<ActionResult<object>> {
  return runAction(async () => {
    await removeDevice(formText(form, 'deviceId'));
    return {};
  });
}
