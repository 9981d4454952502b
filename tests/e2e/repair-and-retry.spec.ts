import path from 'node:path';
import { stepOf } from '../support/dashboard-api';
import { copyWithConfig } from '../support/dashboard-checkpoint';
import { expect, test } from './fixtures';
import { CONVERSION_MS } from './pages/job-page';
import { NewJobPage } from './pages/new-job-page';

test.describe.configure({ timeout: 150_000 });

const LIES = [
  { field: 'num_hidden_layers', says: 5, is: '2', tensor: 'model.layers.1.' },
  { field: 'hidden_size', says: 4096, is: '256', tensor: 'model.embed_tokens.weight' },
  { field: 'vocab_size', says: 50257, is: '49152', tensor: 'model.embed_tokens.weight' },
];

test('a config.json that contradicts the tensors stops the job, and one click repairs it', async ({
  page,
  api,
  folder,
}) => {
  const changes = Object.fromEntries(LIES.map(({ field, says }) => [field, says]));
  const source = await copyWithConfig(path.join(folder, 'lying-model'), changes);
  const job = await new NewJobPage(page).startFolderJob(source, ['F16']);
  await job.expectStatus('Failed');
  await expect(page.getByRole('alert').filter({ hasText: 'config.json contradicts the weights' })).toBeVisible();
  const table = page.getByRole('table', { name: 'config.json against the tensors' });
  await expect(table.getByRole('columnheader')).toHaveText([
    'Field',
    'config.json says',
    'Tensors say',
    'Proving tensor',
  ]);
  for (const { field, says, is, tensor } of LIES) {
    const cells = table.getByRole('row').filter({ hasText: field }).getByRole('cell');
    await expect(cells.nth(0)).toContainText(field);
    await expect(cells.nth(1)).toHaveText(String(says));
    await expect(cells.nth(2)).toHaveText(is);
    await expect(cells.nth(3)).toContainText(tensor);
  }
  expect(stepOf(await api.job(job.jobId), 'convert-model').attempts).toHaveLength(0);

  await page.getByRole('button', { name: 'Repair config.json and continue' }).click();
  await job.expectWorks(1);
  await expect(job.step('Repair config.json')).toContainText('Done');
  await expect(table).toHaveCount(0);
});

test('canceling ends the job and keeps what was done; continuing goes on from there', async ({
  page,
  api,
  checkpoint,
}) => {
  const job = await new NewJobPage(page).startFolderJob(checkpoint, ['F16', 'Q8_0']);
  await api.stepRunning(job.jobId, 'convert-model');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel this job?' });
  await dialog.getByRole('button', { name: 'Keep running' }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await dialog.getByRole('button', { name: 'Cancel job' }).click();
  await job.expectStatus('Canceled');
  const inspected = stepOf(await api.job(job.jobId), 'inspect-model');
  expect(inspected.status).toBe('succeeded');

  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await job.expectWorks(2);
  const after = await api.job(job.jobId);
  expect(stepOf(after, 'inspect-model').attempts).toEqual(inspected.attempts);
  expect(stepOf(after, 'convert-model').status).toBe('succeeded');
});

test('a failed job goes on from its failed step once the cause is gone', async ({ page, api, checkpoint, folder }) => {
  const source = path.join(folder, 'comes-later');
  const job = await new NewJobPage(page).startFolderJob(source, ['F16']);
  await job.expectStatus('Failed');
  const prepared = stepOf(await api.job(job.jobId), 'prepare-host');
  await copyWithConfig(source, {});
  await page.getByRole('button', { name: 'Retry from failed step' }).click();
  await job.expectWorks(1);
  const after = await api.ended(job.jobId, CONVERSION_MS);
  expect(stepOf(after, 'prepare-host').attempts).toEqual(prepared.attempts);
  expect(checkpoint).not.toBe(source);
});
