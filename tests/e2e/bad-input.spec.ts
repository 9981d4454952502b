import { freePort } from '../support/free-port';
import { expect, test } from './fixtures';
import { InstancePage } from './pages/instance-page';
import { JobPage } from './pages/job-page';
import { NewJobPage } from './pages/new-job-page';
import { visibleText } from './visible-text';

const DANGEROUS = '$(touch /tmp/quantdeck-owned)/model;id';

test('a model id with shell characters is refused at once and by the server, and nothing typed is lost', async ({
  page,
}) => {
  const form = new NewJobPage(page);
  await form.open();
  await form.source.fill(DANGEROUS);
  await form.chooseOutputs(['Q8_0', 'IQ3_XS']);
  await page.getByText('Advanced', { exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill('My own name');
  await page.getByLabel('Threads').fill('many');
  await form.start.click();
  await expect(visibleText(page, 'A whole number from 1 to 512, or nothing.')).toBeVisible();
  await expect(page.getByText('Something in the form is not right')).toHaveCount(0);
  await page.getByLabel('Threads').fill('2');
  await form.start.click();
  await expect(page.getByText(/A model id (looks like owner\/name|has no spaces)/)).toBeVisible();
  await expect(page).toHaveURL(/\/jobs\/new/);
  await expect(form.source).toHaveValue(DANGEROUS);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('My own name');
  await expect(page.getByLabel('Threads')).toHaveValue('2');
  await expect(form.output('Q8_0')).toBeChecked();
  await expect(form.output('IQ3_XS')).toBeChecked();
  await expect(form.output('Q4_K_M')).not.toBeChecked();
});

test('types of very few bits can be chosen, with a word about the importance matrix', async ({ page }) => {
  const form = new NewJobPage(page);
  await form.open();
  await form.chooseOutputs(['Q4_K_M']);
  await expect(page.getByText(/importance matrix\. The job measures one/)).toHaveCount(0);
  await form.chooseOutputs(['IQ2_XS']);
  await expect(visibleText(page, /IQ2_XS: so few bits need an importance matrix\./)).toBeVisible();
});

test('a model that the hub does not know fails in words, with what to do', async ({ page }) => {
  const form = new NewJobPage(page);
  await form.open();
  await form.source.fill('nobody/no-such-model');
  const job = await form.send();
  await job.expectStatus('Failed');
  const notice = page.getByRole('alert').filter({ hasText: 'There is no such model on the hub' });
  await expect(notice).toContainText('nobody/no-such-model');
  await expect(page.getByRole('button', { name: 'Retry from failed step' })).toBeVisible();
});

test('a folder that is not there fails with its path, before anything is converted', async ({ page, folder }) => {
  const job = await new NewJobPage(page).startFolderJob(`${folder}/nothing here`, ['F16']);
  await job.expectStatus('Failed');
  await expect(page.getByRole('alert').filter({ hasText: 'The model folder is not there' })).toContainText(
    'nothing here',
  );
  await expect(job.step('Convert to GGUF')).toContainText('Not started');
});

test('an unknown type is refused by the API with the field and names that exist', async ({ api, checkpoint }) => {
  const problem = await api.refusal('/api/v1/jobs', {
    source: { kind: 'folder', path: checkpoint },
    instanceId: await api.thisMachine(),
    outputs: ['Q4_K_MM'],
  });
  expect(problem).toMatchObject({ status: 400 });
  expect(JSON.stringify(problem)).toContain('Q4_K_M');
});

test('a pasted ssh line becomes a host; the key is there to copy; the test names cause and remedy', async ({
  page,
}) => {
  const instance = new InstancePage(page);
  const port = await freePort();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await instance.openNew();
  await instance.paste('ssh -p 34538 root@136.59.129.136 -L 8080:localhost:8080');
  await instance.expectEndpoint({ host: '136.59.129.136', port: '34538', user: 'root' });
  await instance.paste(`ssh -p ${port} tinkerer@127.0.0.1`);
  await instance.expectEndpoint({ host: '127.0.0.1', port: String(port), user: 'tinkerer' });

  await page.getByRole('button', { name: 'Copy public key' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^ssh-ed25519 AAAA\S+/);

  await instance.save('The old PC');
  const refusal = page.getByRole('alert').filter({ hasText: 'The host refused the connection' });
  await expect(refusal).toContainText(`127.0.0.1:${port}`);
  await expect(visibleText(page, 'Check failed')).toBeVisible();
  const remedy = await refusal.locator('p').nth(2).innerText();
  expect(remedy.length).toBeGreaterThan(30);
  await instance.testConnection();
  await expect(refusal).toBeVisible();
  await expect(page.getByRole('region', { name: 'public key' })).toContainText('ssh-ed25519');
});

test('a host form that is wrong keeps everything that was typed', async ({ page }) => {
  const instance = new InstancePage(page);
  await instance.openNew();
  await page.getByLabel('Name', { exact: true }).fill('Half a host');
  await page.getByLabel('Port', { exact: true }).fill('99999');
  await page.getByText('A key of mine').click();
  await page.getByLabel('Private key', { exact: true }).fill('this is no key');
  await page.getByRole('button', { name: 'Save and test the connection' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Half a host');
  await expect(page.getByLabel('Port', { exact: true })).toHaveValue('99999');
  await expect(page.getByLabel('Private key', { exact: true })).toHaveValue('this is no key');
});

test('an address of nothing answers with the page that says so', async ({ page }) => {
  await new JobPage(page).open('no-such-job');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Main' }).first()).toBeVisible();
});
