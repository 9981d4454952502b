import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { armSetup } from '../../lib/commands/arm-setup';
import { changePassword } from '../../lib/commands/change-password';
import { completeSetup } from '../../lib/commands/complete-setup';
import { createApiToken } from '../../lib/commands/create-api-token';
import { endSession } from '../../lib/commands/end-session';
import { logIn } from '../../lib/commands/log-in';
import { logOut } from '../../lib/commands/log-out';
import { revokeApiToken } from '../../lib/commands/revoke-api-token';
import { seedAccount } from '../../lib/commands/seed-account';
import { hashPassword } from '../../lib/store/password-hash';
import { runtime } from '../../lib/store/runtime';
import { findApiToken, findSession, isSetupDone, listApiTokens, listSessions } from '../../lib/store/session-views';
import { openTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
const PASSWORD = 'a long enough password';
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const { client } = runtime();
  await client.user.deleteMany();
  await client.apiToken.deleteMany();
  await client.loginFailure.deleteMany();
});

/** The account with a hash that is checked in no time: what a login costs is not what most tests are about. */
async function addCheapAccount(): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD, 2 ** 4);
  await runtime().client.user.create({ data: { id: 'the-admin', name: 'admin', passwordHash } });
}

describe('set-up', () => {
  it('needs the newest one-time link, makes the first account and logs in', async () => {
    const old = await armSetup();
    const armed = await armSetup();
    const attempt = (token: string, password = PASSWORD) =>
      completeSetup({ token, password, userAgent: 'test', address: '10.0.0.1' });
    await expect(attempt(old?.token ?? '')).rejects.toMatchObject({ failure: { code: 'forbidden' } });
    await expect(attempt(armed?.token ?? '', 'short')).rejects.toMatchObject({
      failure: { code: 'invalid-input', evidence: ['password: At least 12 characters.'] },
    });
    const session = await attempt(armed?.token ?? '');
    expect(await findSession(session.cookieValue)).toMatchObject({ userName: 'admin', sessionId: session.sessionId });
    await expect(attempt(armed?.token ?? '')).rejects.toMatchObject({ failure: { code: 'conflict' } });
    expect(await armSetup()).toBeNull();
  });

  it('refuses an expired link', async () => {
    const armed = await armSetup(-1);
    await expect(completeSetup({ token: armed?.token ?? '', password: PASSWORD })).rejects.toMatchObject({
      failure: { code: 'forbidden' },
    });
    expect(await isSetupDone()).toBe(false);
  });

  it('from the environment makes the account once and follows a changed token', async () => {
    await seedAccount({ adminPassword: PASSWORD, apiToken: 'first-token-of-the-environment' });
    await seedAccount({ adminPassword: 'another password here', apiToken: 'second-token-of-the-environment' });
    await expect(logIn({ password: 'another password here' })).rejects.toMatchObject({
      failure: { code: 'unauthenticated' },
    });
    await logIn({ password: PASSWORD });
    expect(await findApiToken('first-token-of-the-environment')).toBeNull();
    expect(await findApiToken('second-token-of-the-environment')).toMatchObject({ scopes: ['read', 'write'] });
  });
});

describe('sessions', () => {
  it('end by logging out, by twelve idle hours and after fourteen days, and a background look does not prolong them', async () => {
    await addCheapAccount();
    const { client } = runtime();
    const { cookieValue, sessionId } = await logIn({ password: PASSWORD });
    const shift = (lastSeenHoursAgo: number, expiresInHours: number) =>
      client.session.update({
        where: { id: sessionId },
        data: {
          lastSeenAt: new Date(Date.now() - lastSeenHoursAgo * 3_600_000),
          expiresAt: new Date(Date.now() + expiresInHours * 3_600_000),
        },
      });
    const lastSeen = async () =>
      (await client.session.findUniqueOrThrow({ where: { id: sessionId } })).lastSeenAt.getTime();
    await shift(11.9, 100);
    const before = await lastSeen();
    expect(await findSession(cookieValue, { isActivity: false })).not.toBeNull();
    expect(await lastSeen()).toBe(before);
    expect(await findSession(cookieValue)).not.toBeNull();
    expect(await lastSeen()).toBeGreaterThan(before);
    await shift(12.1, 100);
    expect(await findSession(cookieValue)).toBeNull();
    await shift(0, -0.1);
    expect(await findSession(cookieValue)).toBeNull();
    await shift(0, 100);
    await logOut(cookieValue);
    expect(await findSession(cookieValue)).toBeNull();
  });

  it('other than the one at hand end with a changed password, and only with the right one', async () => {
    await addCheapAccount();
    const here = await logIn({ password: PASSWORD });
    const there = await logIn({ password: PASSWORD });
    const userId = (await findSession(here.cookieValue))?.userId ?? '';
    const change = { userId, keepSessionId: here.sessionId, newPassword: 'the next long password' };
    await expect(changePassword({ ...change, currentPassword: 'wrong' })).rejects.toMatchObject({
      failure: { code: 'forbidden' },
    });
    await changePassword({ ...change, currentPassword: PASSWORD });
    expect(await findSession(there.cookieValue)).toBeNull();
    expect((await listSessions(userId)).map(({ id }) => id)).toEqual([here.sessionId]);
    await logIn({ password: 'the next long password' });
  });

  it('can be ended one by one, but only by the person whose they are', async () => {
    await addCheapAccount();
    const here = await logIn({ password: PASSWORD });
    const lost = await logIn({ password: PASSWORD });
    const userId = (await findSession(here.cookieValue))?.userId ?? '';
    await endSession('somebody-else', lost.sessionId);
    expect(await findSession(lost.cookieValue)).not.toBeNull();
    await endSession(userId, lost.sessionId);
    await endSession(userId, lost.sessionId);
    expect(await findSession(lost.cookieValue)).toBeNull();
    expect(await findSession(here.cookieValue)).not.toBeNull();
  });
});

describe('logging in', () => {
  it('is slowed down after five failures, also with the right password, and says the same for an unknown name', async () => {
    await addCheapAccount();
    const attempt = (password: string, name = 'admin') => logIn({ name, password, address: '10.0.0.7' });
    const known = await attempt('wrong').catch((error: Error) => error.message);
    const unknown = await attempt('wrong', 'nobody').catch((error: Error) => error.message);
    expect(known).toBe(unknown);
    for (let index = 0; index < 3; index += 1) await attempt('wrong').catch(() => undefined);
    await expect(attempt(PASSWORD)).rejects.toMatchObject({ failure: { code: 'rate-limited' } });
  });

  it('is forgiven the failures before the right password', async () => {
    await addCheapAccount();
    const attempt = (password: string) => logIn({ password, address: '10.0.0.7' });
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 4; index += 1) await attempt('wrong').catch(() => undefined);
      await attempt(PASSWORD);
    }
    expect(await runtime().client.loginFailure.count()).toBe(0);
  });
});

it('shows an API token once, knows it by its hash alone, and not after it was revoked', async () => {
  const { token, tokenId } = await createApiToken({ name: 'ci', scopes: ['read'] });
  expect(token).toMatch(/^qd_[A-Za-z0-9_-]{43}$/);
  expect(await findApiToken(token)).toMatchObject({ tokenId, scopes: ['read'] });
  expect(JSON.stringify(await runtime().client.apiToken.findMany())).not.toContain(token);
  await revokeApiToken(tokenId);
  expect(await findApiToken(token)).toBeNull();
  expect(await listApiTokens()).toEqual([]);
});
