import path from 'node:path';
import type { JobDetail } from '../../lib/domain/views';
import { copyWithConfig } from '../support/dashboard-checkpoint';
import { expectGoodLooks } from './appearance';
import { expect, test } from './fixtures';
import { CheckPage } from './pages/check-page';
import { NewJobPage } from './pages/new-job-page';
import { visibleText } from './visible-text';

test.describe.configure({ timeout: 240_000 });

/** transformers signed this config.json, so that a field which is not there was lost; no shape tells what it said. */
const LOST = { rope_theta: undefined };
/** Fits no shape, so that the number of heads is anybody's guess. */
const NO_HEADS = { num_attention_heads: 3, num_key_value_heads: 5, head_dim: 7 };

test('what no shape tells is asked, never assumed; the answer is marked as yours and the job is made with it', async ({
  page,
  api,
  folder,
}) => {
  const source = await copyWithConfig(path.join(folder, 'lost-theta'), LOST);
  const check = new CheckPage(page);
  await check.check(source);
  await expect(visibleText(page, 'Waits for an answer')).toBeVisible();
  const question = page.getByRole('group', { name: 'rope_theta' });
  await expect(question.getByRole('radio', { checked: true })).toHaveCount(0);
  await expect(question).toContainText('as in Llama 3');
  await expect(question).toContainText('what the converter assumes where config.json is silent');
  await expectGoodLooks(page, 'check-question');
  const use = page.getByRole('button', { name: 'Use my answers' });
  await use.click();
  await expect(visibleText(page, 'Choose what is true first')).toBeVisible();
  await question.getByRole('radio', { name: 'Another value' }).check();
  await question.getByLabel('Another value for rope_theta').fill('a lot');
  await use.click();
  await expect(question.getByRole('alert')).toHaveText('Type a number, for example 500000 or 1e-5.');
  await question.getByLabel('Another value for rope_theta').fill('-4');
  await use.click();
  await expect(question.getByRole('alert')).toContainText('-4 is out of range');
  await question.getByRole('radio', { name: /^500000 / }).check();
  await use.click();
  await expect(check.change('rope_theta')).toContainText('"rope_theta": 500000');
  await expect(check.change('rope_theta')).toContainText('You said so.');
  await expect(visibleText(page, 'Ready after a repair')).toBeVisible();
  await page.getByRole('button', { name: 'Take back the answer about rope_theta' }).click();
  await expect(visibleText(page, 'Waits for an answer')).toBeVisible();
  await question.getByRole('radio', { name: 'Another value' }).check();
  await question.getByLabel('Another value for rope_theta').fill('1e5');
  await use.click();
  await expect(check.change('rope_theta')).toContainText('"rope_theta": 100000');
  await expectGoodLooks(page, 'check-answered');

  await page.getByRole('link', { name: 'Approve the repair and convert' }).click();
  await expect(page.getByRole('list', { name: 'Changes to config.json' })).toContainText('You said so.');
  const form = new NewJobPage(page);
  await page.getByRole('radio', { name: /This machine/ }).check();
  await form.chooseOutputs(['F16']);
  const job = await form.send();
  await job.expectWorks(1);
  const made = await api.job(job.jobId);
  expect(made.spec).toMatchObject({ configPatch: { rope_theta: 100_000 }, answeredFields: ['rope_theta'] });
  await expect(visibleText(page, 'rope_theta = 100000 (you said so)')).toBeVisible();
});

test('answers that the weights contradict are refused in words, on the check and on the job that it stopped', async ({
  page,
  api,
  folder,
}) => {
  const source = await copyWithConfig(path.join(folder, 'no-heads'), { ...NO_HEADS, num_hidden_layers: 9 });
  await new CheckPage(page).check(source);
  const answer = async (field: string, value: string) =>
    page
      .getByRole('group', { name: field, exact: true })
      .getByRole('radio', { name: new RegExp(`^${value} `) })
      .check();
  await answer('num_attention_heads', '8');
  await answer('head_dim', '64');
  await page.getByRole('button', { name: 'Use my answers' }).click();
  await expect(page.getByRole('group', { name: 'head_dim', exact: true }).getByRole('alert')).toContainText(
    'num_attention_heads 8 and head_dim 64 cannot both be true.',
  );
  await expectGoodLooks(page, 'check-refused-answer');

  const job = await new NewJobPage(page).startFolderJob(source, ['F16']);
  await job.expectStatus('Failed');
  const table = page.getByRole('table', { name: 'config.json against the tensors' });
  await expect(table.getByRole('row').filter({ hasText: 'num_hidden_layers' })).toContainText('2');
  await expectGoodLooks(page, 'job-question');
  const go = page.getByRole('button', { name: 'Answer, repair and continue' });
  await go.click();
  await expect(page.getByText('Choose what is true first').first()).toBeVisible();
  await answer('num_attention_heads', '8');
  await answer('head_dim', '64');
  await go.click();
  await expect(page.getByRole('group', { name: 'head_dim', exact: true }).getByRole('alert')).toContainText(
    'cannot both be true',
  );
  expect((await api.job(job.jobId)).status).toBe('failed');
  await answer('head_dim', '32');
  await answer('num_key_value_heads', '4');
  await go.click();
  await job.expectWorks(1);
  const made: JobDetail = await api.job(job.jobId);
  expect(made.spec.configPatch).toMatchObject({ num_hidden_layers: 2, num_attention_heads: 8, head_dim: 32 });
  expect([...made.spec.answeredFields].sort()).toEqual(['head_dim', 'num_attention_heads', 'num_key_value_heads']);
});
