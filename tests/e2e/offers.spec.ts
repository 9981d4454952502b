import { Dashboard } from '../support/dashboard-process';
import { FULL_KEY, fakeKeyOf } from '../support/fake-vast/fake-accounts';
import { type FakeVast, startFakeVast } from '../support/fake-vast/fake-vast';
import { expectGoodLooks } from './appearance';
import { test as base, expect, PASSWORD } from './fixtures';
import { CheckPage } from './pages/check-page';
import { SettingsPage } from './pages/settings-page';
import { visibleText } from './visible-text';

/** A dashboard beside a vast.ai that costs nothing. */
const test = base.extend<Record<never, never>, { readonly vast: FakeVast }>({
  vast: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its first parameter
    async ({}, use) => {
      const vast = await startFakeVast({ speed: 5 });
      await use(vast);
      await vast.close();
    },
    { scope: 'worker' },
  ],
  dashboard: [
    async ({ vast, hub }, use) => {
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

test('without a key the market says so, and leads to where one is entered', async ({ page, checkpoint }) => {
  await new CheckPage(page).check(checkpoint);
  await page.getByRole('link', { name: 'Find a machine on vast.ai' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'There is no key for renting machines yet' })).toBeVisible();
  await expectGoodLooks(page, 'offers-no-key');
  await page.getByRole('link', { name: 'Open the settings' }).click();
  await expect(page.getByLabel('API key')).toBeVisible();
});

test('a key is checked right by right, explained when it is refused, and never shown again', async ({ page }) => {
  const settings = new SettingsPage(page);
  await settings.open();
  await settings.storeVastKey(fakeKeyOf('two-factor'));
  await expect(visibleText(page, 'The key was made without two-factor login')).toBeVisible();
  await settings.storeVastKey(fakeKeyOf('read-only'));
  await expect(visibleText(page, '2 of 6 rights do not work.')).toBeVisible();
  await expect(
    visibleText(page, 'Nothing can be rented, and nothing that runs can be stopped from here.'),
  ).toBeVisible();
  await expectGoodLooks(page, 'settings-vast-scopes');
  await settings.storeVastKey(FULL_KEY);
  await expect(visibleText(page, 'This key can do all that Quantdeck needs.')).toBeVisible();
  await expect(visibleText(page, '$20.00')).toBeVisible();
  await page.reload();
  await expect(visibleText(page, 'One is stored, encrypted. Paste another')).toBeVisible();
  expect(await page.content()).not.toContain(FULL_KEY);
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('button', { name: 'Remove key' }).click();
  await expect(visibleText(page, 'For finding machines to rent.')).toBeVisible();
  await expect(page.getByText('This key can do all')).toHaveCount(0);
});

test('machines for a checked model are ranked, explained, filtered and sorted', async ({ page, checkpoint, vast }) => {
  await new SettingsPage(page).enterVastKey(vast.key);
  await new CheckPage(page).check(checkpoint);
  await page.getByRole('link', { name: 'Find a machine on vast.ai' }).click();
  const offers = page.getByRole('article');
  await expect(offers.first()).toContainText('Our choice');
  await expect(visibleText(page, 'The GPU does not matter')).toBeVisible();
  await expect(offers.first()).toContainText(/at \$0\.\d{2,3}\/h/);
  await offers.first().getByText('How this is reckoned').click();
  await expect(offers.first().getByText('Traffic out', { exact: true })).toBeVisible();
  // The checkpoint is in a folder here.
  await expect(page.getByText("This checkpoint is sent from the dashboard's machine")).toBeVisible();
  await expect(offers.first().getByText('Send the model from here', { exact: true })).toBeVisible();
  await expect(offers.first()).toContainText("of it to send the checkpoint over the dashboard's own line");
  await expect(offers.first().getByText(/Waiting counts/)).toBeVisible();
  await expectGoodLooks(page, 'offers');

  await page.getByLabel('Order').selectOption('hourly');
  await page.getByRole('checkbox', { name: /Data centers only/ }).check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/sort=hourly.*datacenter=1|datacenter=1.*sort=hourly/);
  await expect(offers.first()).toContainText('Data center');
  const hourly = (await offers.allTextContents()).map((text) => Number(/at \$([\d.]+)\/h/.exec(text)?.[1]));
  expect(hourly).toEqual([...hourly].sort((a, b) => a - b));

  const ordinary = page.url();
  await page.goto(`${ordinary.split('?')[0]}?types=IQ2_XS`);
  // While a page streams in, a part of it is there twice for a moment, once hidden.
  await expect(visibleText(page, 'an importance matrix too')).toBeVisible();
  await page.goto(ordinary);

  await page.getByLabel('Most it may cost, $').fill('0.001');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(visibleText(page, 'No machine can do this job with these wishes')).toBeVisible();
  await expect(page.getByText(/cost \$[\d.]+, \$0\.001 allowed/).first()).toBeVisible();
  await expectGoodLooks(page, 'offers-none');
});

test('a market that cannot be asked any more still shows what it was, with its age', async ({
  page,
  checkpoint,
  vast,
}) => {
  await new SettingsPage(page).enterVastKey(vast.key);
  await new CheckPage(page).check(checkpoint);
  await page.getByRole('link', { name: 'Find a machine on vast.ai' }).click();
  await expect(page.getByRole('article').first()).toBeVisible();
  vast.faults.set([{ kind: 'server-error' }]);
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The rental service cannot be reached' })).toBeVisible({
    timeout: 40_000,
  });
  await expect(page.getByRole('article').first()).toBeVisible();
  await expect(visibleText(page, /Offers as they were .* ago/)).toBeVisible();
  vast.faults.set([]);
});
