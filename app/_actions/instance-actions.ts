'use server';
import { revalidatePath } from 'next/cache';
import { addInstance } from '../../lib/commands/add-instance';
import { fixConnection } from '../../lib/commands/fix-connection';
import { forgetHostKey } from '../../lib/commands/forget-host-key';
import { removeInstance } from '../../lib/commands/remove-instance';
import { requestInstanceCheck } from '../../lib/commands/request-instance-check';
import { updateInstance } from '../../lib/commands/update-instance';
import type { ConnectionFix } from '../../lib/domain/connection-report';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { refuseField } from './form-error';
import { formSecret, formText } from './form-text';
import { readConfirmedUnsaved } from './read-confirmed-unsaved';

type Done = Readonly<Record<string, never>>;
const DONE: Done = {};

/** Adds an SSH host and asks for its first check, so that its page shows at once whether it works. */
export async function addInstanceAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<{ instanceId: string }>> {
  return runAction(async () => {
    const { instanceId } = await addInstance(readInstanceForm(form));
    await requestInstanceCheck(instanceId);
    return { instanceId };
  });
}

/** Changes where and how a host is reached, and asks for a check. */
export async function changeInstanceAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<{ instanceId: string }>> {
  return runAction(async () => {
    const instanceId = formText(form, 'instanceId');
    const { auth, ...fields } = readInstanceForm(form);
    const toolchainPath = formText(form, 'toolchainPath') || null;
    await updateInstance(instanceId, {
      ...fields,
      toolchainPath,
      ...(formText(form, 'way') === 'keep' ? {} : { auth }),
    });
    await requestInstanceCheck(instanceId);
    return { instanceId };
  });
}

/** Asks the worker to test the connection. */
export async function checkInstanceAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await requestInstanceCheck(formText(form, 'instanceId'));
    return DONE;
  });
}

/** Does what the last test of a connection offers, and asks for the next test. */
export async function fixConnectionAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const fix = formText(form, 'fix') as ConnectionFix;
    await fixConnection(formText(form, 'instanceId'), { fix, command: formText(form, 'command') });
    return DONE;
  });
}

/** Forgets the pinned host key: the next contact pins whatever the host shows. */
export async function forgetHostKeyAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await forgetHostKey(formText(form, 'instanceId'));
    return DONE;
  });
}

/** Removes an instance from the list. */
export async function removeInstanceAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await removeInstance(formText(form, 'instanceId'), readConfirmedUnsaved(form));
    revalidatePath('/instances');
    return DONE;
  });
}

function readInstanceForm(form: FormData) {
  const way = formText(form, 'way');
  const optional = (name: string, value: string): Readonly<Record<string, string>> =>
    value === '' ? {} : { [name]: value };
  if (way === 'password' && formSecret(form, 'password') === '')
    refuseField('password', 'Type the password of this user.');
  if (way === 'import' && formText(form, 'privateKey') === '') refuseField('privateKey', 'Paste the private key.');
  return {
    name: formText(form, 'name') || formText(form, 'host'),
    host: formText(form, 'host'),
    port: formText(form, 'port') || '22',
    user: formText(form, 'user') || 'root',
    auth: way === 'password' ? ('password' as const) : ('key' as const),
    ...(way === 'password' ? optional('password', formSecret(form, 'password')) : {}),
    ...(way === 'import' ? optional('privateKey', formSecret(form, 'privateKey')) : {}),
    ...(way === 'import' ? optional('passphrase', formSecret(form, 'passphrase')) : {}),
    ...optional('toolchainPath', formText(form, 'toolchainPath')),
  };
}
