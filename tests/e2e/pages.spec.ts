import path from 'node:path';
import type { JobSummary } from '../../lib/domain/views';
import { type DashboardApi, stepOf } from '../support/dashboard-api';
import { copyWithConfig } from '../support/dashboard-checkpoint';
import { freePort } from '../support/free-port';
import { expectGoodLooks } from './appearance';
import { expect, test } from './fixtures';
import { InstancePage } from './pages/instance-page';
import { CONVERSION_MS, JobPage } from './pages/job-page';
import { LoginPage } from './pages/login-page';
import { NewJobPage } from './pages/new-job-page';
import { SettingsPage } from './pages/settings-page';
import { visibleText } from './visible-text';

test.describe.configure({ timeout: 180_000 });

const LONG_NAME = `A-name-without-any-place-to-break-it-${'abcdefghij'.repeat(8)}`;
/** Enough work that the job still runs when all of its pages have been looked at. */
const MANY = ['F16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q5_K_S', 'Q4_K_M', 'Q4_K_S', 'Q3_K_L', 'Q3_K_M', 'IQ4_NL', 'IQ4_XS'];

/** A finished job with a Q4_K_M: one that another test made, else one of its own. */
async function finishedJob(api: DashboardApi, checkpoint: string): Promise<string> {
  const { jobs } = await api.get<{ jobs: JobSummary[] }>('/api/v1/jobs?status=succeeded');
  const source = { kind: 'folder' as const, path: checkpoint };
  const made = jobs.find(({ outputs }) => outputs.includes('Q4_K_M'));
  const jobId = made?.id ?? (await api.startJob({ source, outputs: ['F16', 'Q4_K_M'] }));
  await api.ended(jobId, CONVERSION_MS);
  return jobId;
}

test('the pages of a finished job, its files and the lists are accessible in both themes and both sizes', async ({
  page,
  api,
  checkpoint,
}) => {
  const job = new JobPage(page);
  await job.open(await finishedJob(api, checkpoint));
  await job.expectStatus('Succeeded');
  await job.show('Make Q4_K_M');
  await expect(page.getByRole('figure', { name: 'Processor' }).locator('canvas')).toBeVisible();
  await expectGoodLooks(page, 'job-finished');
  await page.getByRole('button', { name: 'Delete job' }).click();
  await expectGoodLooks(page, 'dialog-delete');
  for (const address of [
    '/artifacts',
    '/jobs',
    '/jobs?q=nothing-has-this-name',
    '/artifacts?q=nothing-has-this-name',
  ]) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectGoodLooks(page, `list${address.replace(/\W+/g, '-')}`);
  }
});

test('a running job with a long name and the overview above it are accessible while they move', async ({
  page,
  api,
  checkpoint,
}) => {
  const source = { kind: 'folder' as const, path: checkpoint };
  const jobId = await api.startJob({ source, outputs: MANY as never, name: LONG_NAME });
  const queuedId = await api.startJob({ source, outputs: ['Q8_0'] });
  // Several steps at once: files are hashed and made at the same time.
  await api.until(jobId, (detail) => stepOf(detail, 'checksum:F16').status !== 'queued', CONVERSION_MS);
  const job = new JobPage(page);
  await job.open(jobId);
  await expect(page.getByRole('figure', { name: 'Processor' }).locator('canvas')).toBeVisible();
  await expectGoodLooks(page, 'job-running');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expectGoodLooks(page, 'dialog-cancel');
  await page.goto('/');
  await expect(page.getByRole('link', { name: LONG_NAME })).toBeVisible();
  await expectGoodLooks(page, 'overview');
  await api.post(`/api/v1/jobs/${queuedId}/cancel`);
  await api.post(`/api/v1/jobs/${jobId}/cancel`);
  await api.ended(jobId);
  await job.open(jobId);
  await job.expectStatus('Canceled');
  await expectGoodLooks(page, 'job-canceled');
});

test('a failed job with its table, the forms, the hosts and the settings are accessible as well', async ({
  page,
  api,
  folder,
}) => {
  const lying = await copyWithConfig(path.join(folder, 'lying-model'), { num_hidden_layers: 5, vocab_size: 50257 });
  const job = new JobPage(page);
  await job.open(await api.startJob({ source: { kind: 'folder', path: lying }, outputs: ['F16'] }));
  await job.expectStatus('Failed');
  await expect(page.getByRole('table', { name: 'config.json against the tensors' })).toBeVisible();
  await expectGoodLooks(page, 'job-failed');

  const form = new NewJobPage(page);
  await form.open();
  await form.chooseOutputs(['IQ2_XS', 'Q8_0']);
  await form.source.fill('not a model');
  await form.start.click();
  await expect(page.locator('#source-error')).toBeVisible();
  await expectGoodLooks(page, 'new-job');

  const instance = new InstancePage(page);
  await instance.openNew();
  await instance.paste(`ssh -p ${await freePort()} root@127.0.0.1`);
  await expectGoodLooks(page, 'instance-new');
  await instance.save(LONG_NAME.slice(0, 60));
  await expect(visibleText(page, 'The host refused the connection')).toBeVisible();
  await expectGoodLooks(page, 'instance-failed');
  await page.goto('/instances');
  await expectGoodLooks(page, 'instances');
  await page.getByRole('link', { name: /This machine/ }).click();
  await expect(page.getByRole('heading', { name: /This machine/ })).toBeVisible();
  await expectGoodLooks(page, 'instance-this-machine');

  const settings = new SettingsPage(page);
  await settings.open();
  await settings.makeToken('looked at', 'read');
  await expectGoodLooks(page, 'settings');
  await page.getByRole('button', { name: 'Revoke looked at' }).click();
  await expectGoodLooks(page, 'dialog-revoke');
  await page.goto('/no/such/page');
  await expectGoodLooks(page, 'not-found');
});

test('the login page is accessible, also with a wrong password', async ({ stranger }) => {
  await stranger.goto('/login');
  await new LoginPage(stranger).tryPassword('certainly not this');
  await expect(stranger.getByText('That is not the password.')).toBeVisible();
  await expectGoodLooks(stranger, 'login');
});
