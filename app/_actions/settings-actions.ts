'use server';
import { saveSettings } from '../../lib/commands/save-settings';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { formSecret, formText } from './form-text';

/** Saves the hub's token and the addresses. An empty address goes back to the built-in one; an empty token keeps the stored one. */
export async function saveSettingsAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<Readonly<Record<string, never>>>> {
  return runAction(async () => {
    const orNull = (name: string) => formText(form, name) || null;
    const hfToken = formSecret(form, 'hfToken').trim();
    await saveSettings({
      hfEndpoint: orNull('hfEndpoint'),
      releaseBase: orNull('releaseBase'),
      sourceBase: orNull('sourceBase'),
      pipIndexUrl: orNull('pipIndexUrl'),
      pipConstraints: orNull('pipConstraints'),
      npmRegistry: orNull('npmRegistry'),
      ...(form.has('forgetHfToken') ? { hfToken: null } : hfToken === '' ? {} : { hfToken }),
    });
    return {};
  });
}
