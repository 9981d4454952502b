import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { lendToolchain } from '../support/dashboard-checkpoint';
import { Dashboard } from '../support/dashboard-process';
import { PLANTED_SECRET } from '../support/fake-vast/fake-account-routes';
import { canRunContainers } from '../support/fake-vast/fake-container';
import { PLANTED_ENVIRONMENT } from '../support/fake-vast/fake-instance';
import { type FakeVast, startFakeVast } from '../support/fake-vast/fake-vast';
import { expectGoodLooks } from './appearance';
import { test as base, expect, PASSWORD } from './fixtures';
import { Overheard } from './overheard';
import { CheckPage } from './pages/check-page';
import { JobPage } from './pages/job-page';
import { SettingsPage } from './pages/settings-page';
import { visibleText } from './visible-text';

const JOURNEY_MS = 300_000;
const REPO = 'acme/tiny-llama';

/** A dashboard with the tiny model on its hub, beside a vast.ai whose machines are real SSH servers. */
const test = base.extend<Record<never, never>, { readonly vast: FakeVast }>({
  vast: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its first parameter
    async ({}, use) => {
      const vast = await startFakeVast({ speed: 20, ssh: true });
      const lending = lendToEach(vast);
      await use(vast);
      clearInterval(lending);
      await vast.close();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  dashboard: [
    async ({ vast, hub, checkpoint }, use) => {
      await hub.addRepo(REPO, { folder: checkpoint });
      const dashboard = await Dashboard.start({
        QUANTDECK_ADMIN_PASSWORD: PASSWORD,
        HF_ENDPOINT: hub.url,
        VAST_URL: vast.url,
      });
      await use(dashboard);
      await dashboard.remove();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

/** Installing llama.cpp takes minutes and is tested elsewhere: each machine finds it as if an earlier job had done so. */
function lendToEach(vast: FakeVast): NodeJS.Timeout {
  const lent = new Set<string>();
  return setInterval(() => {
    for (const { container } of vast.world.living()) {
      if (!container || container.fingerprint === '' || lent.has(container.homeFolder)) continue;
      lent.add(container.homeFolder);
      void lendToolchain(container.homeFolder);
    }
  }, 50);
}

/** What vast's API tells a client beside what was asked for, and what it was asked with. */
function secretsOf({ key, world }: FakeVast): string[] {
  const own = [...world.instances.values()].flatMap(({ apiKey, jupyterToken }) => [apiKey, jupyterToken]);
  return [key, PLANTED_SECRET, PLANTED_ENVIRONMENT, ...own];
}

/** Everything of this journey that somebody could come to read, and none of it may hold a secret. */
async function expectNoSecretTold(
  page: Page,
  overheard: Overheard,
  dashboard: Dashboard,
  vast: FakeVast,
): Promise<void> {
  const [instance] = vast.world.instances.values();
  overheard.add('output of the dashboard', dashboard.output);
  const jobs = path.join(dashboard.dataFolder, 'jobs');
  const files = (await readdir(jobs, { recursive: true })).filter((name) => name.endsWith('.log'));
  for (const file of files) overheard.add('log of a step', await readFile(path.join(jobs, file), 'utf8'));
  const visited = [...overheard.visited];
  for (const address of visited) {
    await page.goto(address);
    overheard.add(`page ${address}`, await page.content());
  }
  expect(visited.join(' ')).toMatch(/\/jobs\/[a-z0-9-]+ \/instances\/[a-z0-9-]+/);
  // It hears well: the machine's number is no secret, and everybody speaks of it.
  expect(await overheard.sourcesOf(String(instance?.id))).toEqual(expect.arrayContaining(['socket', 'log of a step']));
  expect(dashboard.output).not.toBe('');
  for (const secret of secretsOf(vast)) {
    expect(secret).not.toBe('');
    expect(await overheard.sourcesOf(secret), secret).toEqual([]);
  }
}

test.skip(!canRunContainers, 'openssh-server is not on this machine');

test('a key, a model and one button: rented, converted, proven, home, given back, and the bill proven to have ended', async ({
  page,
  vast,
  dashboard,
}) => {
  test.setTimeout(JOURNEY_MS + 120_000);
  const overheard = new Overheard(page);
  await new SettingsPage(page).enterVastKey(vast.key);

  await new CheckPage(page).check(REPO);
  await page.getByRole('link', { name: 'Convert on a rented machine' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rent a machine and convert' });
  await expect(dialog.getByText(/expected between \$[\d.]+ and \$[\d.]+/)).toBeVisible();
  await expectGoodLooks(page, 'dialog-rent');
  await dialog.getByLabel('Budget, $').fill('nothing');
  await dialog.getByRole('button', { name: 'Rent and convert' }).click();
  await expect(dialog.getByText('An amount in dollars, above nothing and at most 10000.')).toBeVisible();
  await dialog.getByLabel('Budget, $').fill('1.50');
  await dialog.getByRole('button', { name: 'Rent and convert' }).click();

  await page.waitForURL(/\/jobs\/[a-z0-9-]+$/);
  const job = new JobPage(page);
  await expect(page.getByRole('link', { name: 'Rented on vast.ai' })).toBeVisible();
  await expect(page.getByText('Prepare the host').first()).toBeVisible();
  await job.expectStatus('Running');
  await expectGoodLooks(page, 'job-rented');
  await expect(page.getByText(/\$[\d.]+ so far/).first()).toBeVisible({ timeout: JOURNEY_MS });
  const header = page.locator('header');
  await expect(header.getByText('Succeeded', { exact: true })).toBeVisible({ timeout: JOURNEY_MS });
  await expect(visibleText(page, /billing ended .*, proven/)).toBeVisible();
  await expect(visibleText(page, /machine <?\$[\d.]+ · disk <?\$[\d.]+ · traffic <?\$[\d.]+/)).toBeVisible();
  await expectGoodLooks(page, 'job-rented-done');

  await page.getByRole('link', { name: 'Rented on vast.ai' }).click();
  await expect(visibleText(page, 'Billing has ended, proven')).toBeVisible();
  await expectGoodLooks(page, 'rental-after-journey');
  await expect(page.getByRole('region', { name: 'Rented machines that need you' }).getByRole('link')).toHaveCount(0);
  await page.goto('/settings');
  const outcomes = page.getByRole('region', { name: 'Predicted and actual cost and time of jobs on rented machines' });
  await expect(outcomes.getByRole('row', { name: /tiny-llama/ })).toContainText(/by our count|as charged/);
  await expectGoodLooks(page, 'settings-outcomes');
  // Not by what the dashboard says.
  expect(vast.world.living()).toEqual([]);
  await expectNoSecretTold(page, overheard, dashboard, vast);
});
