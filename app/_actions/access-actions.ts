'use server';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { changePassword } from '../../lib/commands/change-password';
import { completeSetup } from '../../lib/commands/complete-setup';
import { createApiToken } from '../../lib/commands/create-api-token';
import { endSession } from '../../lib/commands/end-session';
import { logIn } from '../../lib/commands/log-in';
import { logOut } from '../../lib/commands/log-out';
import { revokeApiToken } from '../../lib/commands/revoke-api-token';
import { runAction, runOpenAction } from '../_auth/action-guard';
import { userAgentOfRequest } from '../_auth/require-session';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../_auth/session-cookie';
import type { ActionResult } from './action-result';
import { refuseField } from './form-error';
import { formSecret, formText } from './form-text';

type Done = Readonly<Record<string, never>>;
const DONE: Done = {};

/** Opens a session with the password. */
export async function logInAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runOpenAction(async () => {
    const session = await logIn({ password: formSecret(form, 'password'), ...(await requester()) });
    await setSessionCookie(session);
    return DONE;
  });
}

/** Ends the session of this browser. */
export async function logOutAction(): Promise<void> {
  const ended = await runAction(async () => {
    const cookie = await readSessionCookie();
    if (cookie) await logOut(cookie);
    await clearSessionCookie();
  });
  redirect(ended.ok ? '/login' : '/');
}

/** The first password, by whoever holds the one-time link. */
export async function completeSetupAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runOpenAction(async () => {
    const password = newPassword(form, 'password');
    const session = await completeSetup({ token: formText(form, 'token'), password, ...(await requester()) });
    await setSessionCookie(session);
    return DONE;
  });
}

/** Changes the password; the command ends every other session. */
export async function changePasswordAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async (session) => {
    const currentPassword = formSecret(form, 'currentPassword');
    if (currentPassword === '') refuseField('currentPassword', 'Type the password you have now.');
    await changePassword({
      userId: session.userId,
      keepSessionId: session.sessionId,
      currentPassword,
      newPassword: newPassword(form, 'newPassword'),
    });
    return DONE;
  });
}

/** Ends another session of this person, e.g. that of a lost phone. */
export async function endSessionAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async (session) => {
    await endSession(session.userId, formText(form, 'sessionId'));
    return DONE;
  });
}

/** Makes an API token; the answer is the only time that it is seen. */
export async function createApiTokenAction(
  _previous: unknown,
  form: FormData,
): Promise<ActionResult<{ token: string }>> {
  return runAction(async () => {
    const name = formText(form, 'name');
    if (name === '') refuseField('name', 'Give it a name.');
    const { token } = await createApiToken({
      name,
      scopes: formText(form, 'scope') === 'write' ? ['read', 'write'] : ['read'],
    });
    return { token };
  });
}

/** Ends an API token. */
export async function revokeApiTokenAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await revokeApiToken(formText(form, 'tokenId'));
    return DONE;
  });
}

function newPassword(form: FormData, field: string): string {
  const password = formSecret(form, field);
  if (password.length < 12) refuseField(field, `At least 12 characters; this has ${password.length}.`);
  if (password !== formSecret(form, 'repeated')) refuseField('repeated', 'The two are not the same.');
  return password;
}

/** Who asks, for the throttle and the list of sessions. */
async function requester(): Promise<{ userAgent: string; address: string }> {
  const forwarded = (await headers()).get('x-forwarded-for');
  return { userAgent: await userAgentOfRequest(), address: forwarded?.split(',')[0]?.trim() ?? 'unknown' };
}
