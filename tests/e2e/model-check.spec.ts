import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { stepOf } from '../support/dashboard-api';
import { copyWithConfig, storyCheckpoint } from '../support/dashboard-checkpoint';
import { expectGoodLooks } from './appearance';
import { expect, test } from './fixtures';
import { CheckPage } from './pages/check-page';
import { NewJobPage } from './pages/new-job-page';
import { visibleText } from './visible-text';

test.describe.configure({ timeout: 240_000 });

/** What the story's config.json said, in its own proportions, beside what the tensors are. */
const LIES = [
  { field: 'num_hidden_layers', says: 3, is: 4, proof: 'model.layers.3.' },
  { field: 'hidden_size', says: 205, is: 256, proof: 'model.embed_tokens.weight' },
  { field: 'vocab_size', says: 50257, is: 49152, proof: 'model.embed_tokens.weight' },
];

test('the story: a config.json that lies is found before anything runs, repaired, and every file works', async ({
  page,
  api,
  folder,
}) => {
  const changes = Object.fromEntries(LIES.map(({ field, says }) => [field, says]));
  const source = await copyWithConfig(path.join(folder, 'mibera-like'), changes, await storyCheckpoint());
  const check = new CheckPage(page);
  await check.check(source);
  await expect(visibleText(page, 'Ready after a repair')).toBeVisible();
  for (const { field, says, is, proof } of LIES) {
    await expect(check.change(field)).toContainText(`"${field}": ${says}`);
    await expect(check.change(field)).toContainText(`"${field}": ${is}`);
    await expect(check.change(field)).toContainText(proof);
  }

  await expectGoodLooks(page, 'check-repair');

  await page.getByRole('link', { name: 'Approve the repair and convert' }).click();
  await expect(page.getByRole('checkbox', { name: 'Apply this repair' })).toBeChecked();
  const form = new NewJobPage(page);
  await expect(form.source).toHaveValue(source);
  await page.getByRole('radio', { name: /This machine/ }).check();
  await form.chooseOutputs(['F16', 'Q3_K_M']);
  await expectGoodLooks(page, 'new-job-repair');
  const job = await form.send();
  await job.expectWorks(2);
  const made = await api.job(job.jobId);
  expect(made.spec.configPatch).toEqual(Object.fromEntries(LIES.map(({ field, is }) => [field, is])));
  expect(made.artifacts.map(({ type, verdict }) => [type, verdict])).toEqual([
    ['F16', 'works'],
    ['Q3_K_M', 'works'],
  ]);
  expect(stepOf(made, 'convert-model').attempts).toHaveLength(1);
});

test('a healthy checkpoint has no finding that stops it, and goes on to a job', async ({ page, checkpoint }) => {
  await new CheckPage(page).check(checkpoint);
  await expect(visibleText(page, 'Ready to convert')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Blocks the conversion' })).toHaveCount(0);
  await expect(visibleText(page, 'Nothing is wrong with this checkpoint')).toBeVisible();
  await page.locator('summary').filter({ hasText: 'Good to know' }).click();
  await expect(page.getByRole('list', { name: 'Notes' })).toBeVisible();
  await expect(visibleText(page, 'The weights themselves were not read')).toBeVisible();
  const device = page.getByLabel('My device');
  await expect(device.locator('option:checked')).toHaveText('Laptop with i3-1115G4, 12 GB (default)');
  await expect(visibleText(page, 'Our choice:')).toBeVisible();
  await device.selectOption({ label: 'Another one …' });
  await page.getByLabel('Name of the device').fill('Pocket calculator');
  await page.getByLabel('Memory, GB').fill('much');
  await page.getByRole('button', { name: 'Save device' }).click();
  await expect(page.getByRole('form', { name: 'Device' }).getByRole('alert')).toBeVisible();
  await page.getByLabel('Memory, GB').fill('1');
  await page.getByRole('button', { name: 'Save device' }).click();
  await expect(device.locator('option:checked')).toHaveText('Pocket calculator (default)');
  await expect(visibleText(page, 'Nothing of this model fits')).toBeVisible();
  await device.selectOption({ label: 'Laptop, 16 GB' });
  await expect(visibleText(page, 'Our choice:')).toBeVisible();
  await page.getByRole('button', { name: /^Show all/ }).click();
  await expect(page.getByRole('row').filter({ hasText: 'IQ4_NL' })).toContainText('Fits');
  await expectGoodLooks(page, 'check-ready');
  const work = page.getByRole('table', { name: 'Peak disk and memory of each step' });
  await expect(work.getByRole('row').filter({ hasText: 'Convert to GGUF' })).toContainText('MiB');
  await page.getByLabel('To make').selectOption('IQ2_M');
  await expect(work.getByRole('row').filter({ hasText: 'Measure important weights' })).toBeVisible();
  await page.reload();
  await expect(device.locator('option:checked')).toHaveText('Pocket calculator (default)');
  await device.selectOption({ label: 'Laptop, 16 GB' });
  await page.getByRole('button', { name: 'Make it the default' }).click();
  await expect(device.locator('option:checked')).toHaveText('Laptop, 16 GB (default)');
  await page.getByRole('link', { name: 'Convert', exact: true }).click();
  await expect(page.getByLabel('Model id, address or folder')).toHaveValue(checkpoint);
});

test('devices are kept by the dashboard: named, changed and removed in the settings', async ({ page, api }) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Add a device' }).click();
  await page.getByLabel('Name of the device').fill('Workstation with a name that is as long as it may be, sixty!');
  await page.getByLabel('Memory, GB').fill('64');
  await page.getByLabel('Graphics card, GB').fill('24');
  await expectGoodLooks(page, 'settings-device-form');
  await page.getByRole('button', { name: 'Save device' }).click();
  const own = page
    .getByRole('list', { name: 'Your own devices' })
    .getByRole('listitem')
    .filter({ hasText: 'Workstation' });
  await expect(own).toContainText('64 GB memory, 24 GB graphics card');
  await expect(page.getByLabel('My device').locator('option:checked')).toContainText('Workstation');
  await own.getByRole('button', { name: /^Change/ }).click();
  await page.getByLabel('Name of the device').fill('Workstation');
  await page.getByLabel('Graphics card, GB').fill('0');
  await page.getByRole('button', { name: 'Save device' }).click();
  await expect(own).toContainText('64 GB memory');
  await expect(own).not.toContainText('graphics');
  await expectGoodLooks(page, 'settings-devices');
  const { devices } = await api.get<{ devices: { name: string; isDefault: boolean }[] }>('/api/v1/devices');
  expect(devices.find(({ isDefault }) => isDefault)?.name).toBe('Workstation');
  await own.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove device' }).click();
  await expect(own).toHaveCount(0);
  await expect(page.getByLabel('My device').locator('option:checked')).toHaveText('Laptop with i3-1115G4, 12 GB');
});

test('names without any place to break do not break the page', async ({ page, folder }) => {
  const long = `A-name-without-any-place-to-break-it-${'abcdefghij'.repeat(16)}`;
  const source = await copyWithConfig(path.join(folder, long), { num_hidden_layers: 5 });
  await symlink(path.join(source, 'model.safetensors'), path.join(source, `consolidated.${long}.safetensors`));
  await new CheckPage(page).check(source);
  await expectGoodLooks(page, 'check-long-names');
  await page.goto('/checks');
  await expectGoodLooks(page, 'checks-long-names');
});

test('what is not there is said in words, and the field keeps what was typed', async ({ page, folder }) => {
  await page.goto('/checks');
  await page.getByLabel('Model id, address or folder').fill(path.join(folder, 'nothing'));
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The model folder is not there' })).toBeVisible();
  await expectGoodLooks(page, 'check-failed');
  await page.getByRole('link', { name: 'Check again' }).click();
  await expect(page.getByLabel('Model id, address or folder')).toHaveValue(path.join(folder, 'nothing'));
  await expectGoodLooks(page, 'checks');
});
