import path from 'node:path';
import { stepOf } from '../support/dashboard-api';
import { copyWithConfig } from '../support/dashboard-checkpoint';
import { putNan } from '../support/nan-checkpoint';
import { expectGoodLooks } from './appearance';
import { expect, test } from './fixtures';
import { CONVERSION_MS, JobPage } from './pages/job-page';
import { NewJobPage } from './pages/new-job-page';
import { visibleText } from './visible-text';

test.describe.configure({ timeout: 240_000 });

const NAN_TENSOR = 'model.layers.1.mlp.down_proj.weight';

test('a gated model: the button leads to the token, and with one the job goes on', async ({
  page,
  api,
  hub,
  checkpoint,
}) => {
  await hub.addRepo('tester/gated', { folder: checkpoint, isGated: true, allowedTokens: ['hf_testtoken'] });
  const jobId = await api.startJob({ source: { kind: 'hub', repo: 'tester/gated' }, outputs: ['F16'] });
  await api.ended(jobId, CONVERSION_MS);
  const job = new JobPage(page);
  await job.open(jobId);
  const alert = page.getByRole('alert').filter({ hasText: 'The model asks for permission first' });
  await expect(alert).toBeVisible();
  await expectGoodLooks(page, 'job-gated');
  await alert.getByRole('link', { name: 'Put a token into the settings' }).click();
  await page.waitForURL(/\/settings#hfToken$/);
  await page.getByLabel('Hugging Face token').fill('hf_testtoken');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(visibleText(page, 'Saved.')).toBeVisible();
  await job.open(jobId);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await job.expectWorks(1);
  await page.goto('/settings');
  await page.getByLabel('Forget the stored token').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(visibleText(page, 'For private and gated models.')).toBeVisible();
});

test('weights that are no numbers: cause, the line of the log that shows it, and what to do instead', async ({
  page,
  api,
  folder,
}) => {
  const source = await copyWithConfig(path.join(folder, 'not-a-number'), {});
  await putNan(source, NAN_TENSOR);
  const job = await new NewJobPage(page).startFolderJob(source, ['Q4_K_M']);
  await job.expectStatus('Failed');
  const failed = await api.job(job.jobId);
  expect(failed.failure?.code).toBe('weights-contain-nan');
  const alert = page.getByRole('alert').filter({ hasText: 'The weights contain NaN' });
  const evidence = alert.getByRole('region', { name: 'Evidence' });
  const line = evidence.getByRole('link').first();
  const words = (await line.innerText()).trim();
  await expectGoodLooks(page, 'job-nan');
  await line.click();
  await page.waitForURL(/step=quantize.*#log-\d+$/);
  await expect(job.marked).toContainText(words);
  const log = (await api.log(job.jobId, stepOf(failed, 'quantize:Q4_K_M').id)).toString();
  const offset = failed.failure?.evidenceOffsets?.[0] ?? -1;
  expect(Buffer.from(log).subarray(offset).toString().trimStart().startsWith(words)).toBe(true);

  await alert.getByRole('link', { name: 'Choose other files' }).click();
  await page.waitForURL(/\/jobs\/new\?job=/);
  const form = new NewJobPage(page);
  await expect(form.source).toHaveValue(source);
  await expect(form.output('Q4_K_M')).toBeChecked();
  await job.open(failed.id);
  await alert.getByRole('link', { name: 'Check the model' }).click();
  await expect(page.getByLabel('Model id, address or folder')).toHaveValue(source);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.waitForURL(/\/checks\/[a-z0-9-]+$/);
  const check = page.url();
  await page.goto(`/jobs/${failed.id}`);
  await expect(alert.getByRole('link', { name: 'Open the check report' })).toHaveAttribute(
    'href',
    new URL(check).pathname,
  );
});
