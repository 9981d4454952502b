import { expect, test } from './fixtures';
import { SettingsPage } from './pages/settings-page';
import { visibleText } from './visible-text';

test('an API token is shown once, works as a bearer within its scope, and ends when it is revoked', async ({
  page,
  api,
}) => {
  const settings = new SettingsPage(page);
  await settings.open();
  const token = await settings.makeToken('nightly script', 'read');
  expect(token).toMatch(/^\S{20,}$/);
  const ask = (method: string, path: string) =>
    fetch(`${api.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
  expect(await ask('GET', '/api/v1/jobs')).toBe(200);
  expect(await ask('POST', '/api/v1/jobs')).toBe(403);
  await page.reload();
  await expect(visibleText(page, 'nightly script', { exact: true })).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);
  await settings.revokeToken('nightly script');
  expect(await ask('GET', '/api/v1/jobs')).toBe(401);
});

test('an address that is none is refused beside its field, and what was typed stays', async ({ page }) => {
  const settings = new SettingsPage(page);
  await settings.open();
  const mirror = page.getByLabel('llama.cpp releases');
  await mirror.fill('not an address');
  await page.getByLabel('npm registry').fill('https://registry.example');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(visibleText(page, 'This is not a web address (https://…).')).toBeVisible();
  await expect(page.getByText('Quantdeck made a mistake')).toHaveCount(0);
  await expect(mirror).toHaveValue('not an address');
  await expect(page.getByLabel('npm registry')).toHaveValue('https://registry.example');
});

test('a stored Hugging Face token never comes back to the browser', async ({ page }) => {
  const settings = new SettingsPage(page);
  await settings.open();
  const secret = 'hf_browserTestSecret0123456789';
  await page.getByLabel('Hugging Face token').fill(secret);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(visibleText(page, 'Saved.')).toBeVisible();
  await page.reload();
  await expect(visibleText(page, 'One is stored, encrypted.')).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  await page.getByLabel('Forget the stored token').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(visibleText(page, 'For private and gated models.')).toBeVisible();
});
