import { seedLimits } from '../support/seed-limits';
import { expectGoodLooks } from './appearance';
import { expect, seededTest } from './fixtures';
import { visibleText } from './visible-text';

/** A dashboard whose rented machines are at their limits, and that has no key to do anything about them. */
const test = seededTest(seedLimits);

test.describe.configure({ timeout: 180_000 });

test('what comes close to a limit is a warning on every page, and what does not stop is an alarm', async ({ page }) => {
  await page.goto('/jobs');
  const banner = page.getByRole('region', { name: 'Rented machines that need you' });
  await expect(banner.getByText('Close to its limit', { exact: true })).toBeVisible();
  await expect(banner).toContainText('$1.70 of $2.00 are spent.');
  await expect(banner.getByText('Close to the limit of this month', { exact: true })).toBeVisible();
  await expect(banner).toContainText('$5.01 of $6.00 are spent');
  await expect(banner).toContainText(/asked to stop at \d\d:\d\d UTC and has not/);
  await expectGoodLooks(page, 'limit-banner');
  await page.goto('/instances/instance-stuck');
  await expect(page.getByText('it lacks instance_write').first()).toBeVisible();
  await expectGoodLooks(page, 'rental-not-obeying');
});

test('a machine that is held for a file is extended and started again, within what the month allows', async ({
  page,
}) => {
  await page.goto('/instances/instance-held');
  await expect(page.getByText('Allow more money or time on its page and start it').first()).toBeVisible();
  await expectGoodLooks(page, 'rental-held');
  await page.getByRole('button', { name: /^Start: / }).click();
  await page.getByRole('button', { name: 'Start it' }).click();
  await expect(page.getByRole('dialog')).toContainText('It would be stopped again at once.');
  await page.getByRole('button', { name: 'Leave it stopped' }).click();

  await page.getByRole('button', { name: 'Extend' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox', { name: 'Start it again' })).toBeChecked();
  await expectGoodLooks(page, 'dialog-extend');
  await dialog.getByRole('button', { name: 'Extend' }).click();
  await expect(dialog.getByText('Allow more money, more time, or both.')).toBeVisible();
  await dialog.getByLabel('More money, $').fill('5');
  await dialog.getByRole('button', { name: 'Extend' }).click();
  await expect(dialog).toContainText("of the month's $6.00 only");
  await dialog.getByLabel('More money, $').fill('a lot');
  await dialog.getByRole('button', { name: 'Extend' }).click();
  await expect(dialog.getByText('An amount in dollars, at most 10000.')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.goto('/settings');
  await page.getByLabel('Most for rented machines in a month, $').fill('20');
  await page.getByRole('button', { name: 'Save the limit' }).click();
  await expect(visibleText(page, 'Saved.')).toBeVisible();
  await page.goto('/instances/instance-held');
  await page.getByRole('button', { name: 'Extend' }).click();
  await dialog.getByLabel('More money, $').fill('0,5');
  await dialog.getByLabel('More time, hours').fill('2');
  await dialog.getByRole('button', { name: 'Extend' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(visibleText(page, '$2.91, for all machines together')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Stop: / })).toBeVisible();
});
