import { lendToolchain } from '../support/dashboard-checkpoint';
import { Dashboard } from '../support/dashboard-process';
import { canRunContainers } from '../support/fake-vast/fake-container';
import { type FakeVast, startFakeVast } from '../support/fake-vast/fake-vast';
import { expectGoodLooks } from './appearance';
import { test as base, expect, PASSWORD } from './fixtures';
import { CheckPage } from './pages/check-page';
import { JobPage } from './pages/job-page';
import { SettingsPage } from './pages/settings-page';

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

test.skip(!canRunContainers, 'openssh-server is not on this machine');

test('a key, a model and one button: rented, converted, proven, home, given back, and the bill proven to have ended', async ({
  page,
  vast,
}) => {
  test.setTimeout(JOURNEY_MS + 120_000);
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
  await expect(page.getByText(/billing ended .*, proven/)).toBeVisible();
  await expect(page.getByText(/machine <?\$[\d.]+ · disk <?\$[\d.]+ · traffic <?\$[\d.]+/)).toBeVisible();
  await expectGoodLooks(page, 'job-rented-done');

  await page.getByRole('link', { name: 'Rented on vast.ai' }).click();
  await expect(page.getByText('Billing has ended, proven')).toBeVisible();
  await expectGoodLooks(page, 'rental-after-journey');
  await expect(page.getByRole('region', { name: 'Rented machines that need you' }).getByRole('link')).toHaveCount(0);
  await page.goto('/settings');
  const outcomes = page.getByRole('region', { name: 'Predicted and actual cost and time of jobs on rented machines' });
  await expect(outcomes.getByRole('row', { name: /tiny-llama/ })).toContainText(/by our count|as charged/);
  await expectGoodLooks(page, 'settings-outcomes');
  // Not by what the dashboard says.
  expect(vast.world.living()).toEqual([]);
});
