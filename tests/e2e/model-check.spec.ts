import path from 'node:path';
import { stepOf } from '../support/dashboard-api';
import { copyWithConfig, storyCheckpoint } from '../support/dashboard-checkpoint';
import { expectGoodLooks } from './appearance';
import { expect, test } from './fixtures';
import { CheckPage } from './pages/check-page';
import { NewJobPage } from './pages/new-job-page';

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
  await expect(page.getByText('Ready after a repair')).toBeVisible();
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
  await expect(page.getByText('Ready to convert')).toBeVisible();
  await expect(page.getByText('Blocks', { exact: true })).toHaveCount(0);
  await page.getByLabel('My device').selectOption({ label: 'Another one …' });
  await page.getByLabel('Memory, GB').fill('1');
  await expect(page.getByText('Nothing of this model fits')).toBeVisible();
  await page.getByLabel('Memory, GB').fill('16');
  await expect(page.getByText('Our choice:')).toBeVisible();
  await page.getByRole('button', { name: /^Show all/ }).click();
  await expect(page.getByRole('row').filter({ hasText: 'IQ4_NL' })).toContainText('Fits');
  await expectGoodLooks(page, 'check-ready');
  await page.reload();
  await expect(page.getByLabel('Memory, GB')).toHaveValue('16');
  await page.getByRole('link', { name: 'Convert', exact: true }).click();
  await expect(page.getByLabel('Model id, address or folder')).toHaveValue(checkpoint);
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
