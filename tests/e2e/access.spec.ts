import { Dashboard } from '../support/dashboard-process';
import { expectGoodLooks } from './appearance';
import { expect, PASSWORD, test } from './fixtures';
import { LoginPage } from './pages/login-page';
import { SettingsPage } from './pages/settings-page';
import { SetupPage } from './pages/setup-page';
import { socketStatus } from './raw-socket';
import { visibleText } from './visible-text';

const ROUTES = [
  '/',
  '/jobs',
  '/jobs/new',
  '/jobs/x',
  '/instances',
  '/instances/new',
  '/instances/x',
  '/artifacts',
  '/settings',
];

test('the link of the console sets the first password once; changing it ends all other sessions', async ({
  browser,
}) => {
  const fresh = await Dashboard.start({ QUANTDECK_ADMIN_PASSWORD: '' });
  try {
    await expect.poll(() => fresh.output).toMatch(/\/setup\?token=/);
    const link = /http:\S+\/setup\?token=\S+/.exec(fresh.output)?.[0] ?? '';
    const first = await browser.newContext({ baseURL: fresh.api.url });
    const page = await first.newPage();
    await page.goto('/');
    await expect(visibleText(page, 'Open the link from the console')).toBeVisible();

    await page.goto(link);
    const setup = new SetupPage(page);
    await expectGoodLooks(page, 'setup');
    await setup.choose('short');
    await expect(visibleText(page, 'At least 12 characters; this has 5.')).toBeVisible();
    await setup.choose(PASSWORD, 'something else entirely');
    await expect(visibleText(page, 'The two are not the same.')).toBeVisible();
    await setup.choose(PASSWORD);
    await expect(
      page.getByRole('heading', { name: 'From a model id to a GGUF that is proven to work.' }),
    ).toBeVisible();

    await expectGoodLooks(page, 'first-run');
    for (const list of ['jobs', 'artifacts']) {
      await page.goto(`/${list}`);
      await expectGoodLooks(page, `empty-${list}`);
    }

    const second = await (await browser.newContext({ baseURL: fresh.api.url })).newPage();
    await second.goto(link);
    await expect(second).toHaveURL(/\/login/);
    await new LoginPage(second).logIn(PASSWORD);

    const settings = new SettingsPage(page);
    await settings.open();
    await settings.changePassword('wrong password', 'another password of the tests');
    await expect(page.getByRole('alert').filter({ hasText: /password/i })).toBeVisible();
    await settings.changePassword(PASSWORD, 'another password of the tests');
    await expect(visibleText(page, 'Changed. All other sessions have ended.')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();

    // Its page leaves by itself when the session ends, which may be in the middle of this visit.
    await expect(async () => {
      await second.goto('/jobs');
      await expect(second).toHaveURL(/\/login/, { timeout: 1000 });
    }).toPass({ timeout: 15_000 });
    const login = new LoginPage(second);
    await login.tryPassword(PASSWORD);
    await expect(second.getByText('That is not the password.')).toBeVisible();
    await login.tryPassword('another password of the tests');
    await expect(second.getByRole('navigation', { name: 'Main' }).first()).toBeVisible();
  } finally {
    await fresh.remove();
  }
});

test('a wrong password is said so, the right one opens what was asked for, logging out closes it', async ({
  stranger,
}) => {
  const login = new LoginPage(stranger);
  await stranger.goto('/artifacts');
  await login.tryPassword('certainly not this');
  await expect(stranger.getByText('That is not the password.')).toBeVisible();
  await login.tryPassword(PASSWORD);
  await expect(stranger.getByRole('heading', { name: 'Artifacts' })).toBeVisible();
  await login.logOut();
  // The socket's own way to the login page may come in between: then the browser drops this visit.
  await expect(() => stranger.goto('/artifacts')).toPass();
  await expect(stranger).toHaveURL(/\/login/);
});

test('without a session every page leads to the login and no file, log or API is given out', async ({ stranger }) => {
  for (const route of ROUTES) {
    await stranger.goto(route);
    await expect(stranger, route).toHaveURL(/\/login/);
  }
  for (const path of ['/api/v1/jobs', '/api/v1/artifacts/x/content', '/api/v1/jobs/x/steps/y/log?offset=0']) {
    expect([path, (await stranger.request.get(path)).status()]).toEqual([path, 401]);
  }
});

test('a socket opens only with a session and only from this address', async ({ page, dashboard }) => {
  const { url } = dashboard.api;
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  expect(await socketStatus(url, { origin: url })).toBe(401);
  expect(await socketStatus(url, { origin: url, cookie: `${cookie}x` })).toBe(401);
  expect(await socketStatus(url, { origin: 'https://evil.example', cookie })).toBe(403);
  expect(await socketStatus(url, { origin: url, cookie, host: 'evil.example' })).toBe(421);
  expect(await socketStatus(url, { origin: url, cookie })).toBe(101);
});
