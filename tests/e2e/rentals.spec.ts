import { seedRentals } from '../support/seed-rentals';
import { expectGoodLooks } from './appearance';
import { expect, seededTest } from './fixtures';
import { visibleText } from './visible-text';

/** A dashboard that finds rented machines of every kind in its database, and has no key to ask about them. */
const test = seededTest(seedRentals);

test.describe.configure({ timeout: 120_000 });

test('machines on vast.ai are listed with what they cost, the idle one loudest, with the age of the look', async ({
  page,
}) => {
  await page.goto('/instances');
  const machines = page.getByRole('list', { name: 'Machines on vast.ai' }).getByRole('listitem');
  // An instance of which nobody here knows, then what is billed for nothing.
  await expect(machines.nth(0)).toContainText('It carries the label of another Quantdeck, or of this one before');
  await expect(machines.nth(1)).toContainText('Idle but billing');
  await expect(machines.nth(1)).toContainText(/No job has used it for 1\dm \d\ds, at \$0\.18\/h/);
  await expect(machines.nth(1)).toContainText('$1.64 of $2.00');
  await expect(machines.filter({ hasText: 'Coming up: Loading' })).toContainText('usually about 3m 30s');
  await expect(machines.filter({ hasText: 'my own training' })).toContainText('not rented by this dashboard');
  await expect(page.getByText(/as of \d+ (s|min) ago: there is no key/)).toBeVisible();
  await page.getByText('One has been given back').click();
  await expect(visibleText(page, '$0.214 charged')).toBeVisible();
  await expectGoodLooks(page, 'rented-instances');
});

test('what needs somebody is on every page until it is solved, and what everything costs as well', async ({ page }) => {
  await page.goto('/jobs');
  const banner = page.getByRole('region', { name: 'Rented machines that need you' });
  await expect(banner.getByText('Idle but billing', { exact: true })).toBeVisible();
  await expect(banner.getByText('A machine was given back, and it is not proven gone', { exact: true })).toBeVisible();
  const sidebar = page.getByRole('complementary', { name: 'Sidebar' });
  // Six machines in full (one of them by hand), and the disk of one that loads.
  await expect(sidebar.getByRole('link', { name: /vast\.ai/ })).toContainText('$1.08/h');
  await expect(sidebar.getByRole('link', { name: /vast\.ai/ })).toContainText('$12.34');
  await expectGoodLooks(page, 'rental-banner');

  await banner.getByRole('link', { name: 'See to it' }).last().click();
  await page.getByRole('button', { name: 'Destroy' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('All that is on it is lost');
  await expectGoodLooks(page, 'dialog-destroy-stray');
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.getByRole('button', { name: 'Leave it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave it' }).click();
  await expect(banner.getByText('An instance of ours that no job knows')).toHaveCount(0);
  await expect(page.getByText('You chose to leave it alone.')).toHaveCount(2);
});

test('the page of a job says what its machine costs, and what the money goes to', async ({ page }) => {
  await page.goto('/jobs/done-there');
  const money = page.getByRole('paragraph').filter({ hasText: 'Rented on vast.ai' });
  await expect(money).toContainText('$1.64 so far');
  await expect(money).toContainText('machine $1.50 · disk $0.052 · traffic $0.088');
  await expectGoodLooks(page, 'job-money');
});

test('the page of a rented machine tells its story, its money and its terms', async ({ page }) => {
  await page.goto('/instances/instance-ended');
  await expect(visibleText(page, 'Billing has ended, proven')).toBeVisible();
  const money = page.getByRole('region', { name: 'Estimate, count and charges' });
  await expect(money.getByRole('row', { name: /Traffic out/ })).toContainText('$0.030');
  await expect(visibleText(page, 'The rented machine did not come up.')).toBeVisible();
  await expect(visibleText(page, '2 of at most 3')).toBeVisible();
  await expectGoodLooks(page, 'rental-ended');
  await page.goto('/instances/instance-unproven');
  await expect(page.getByRole('button', { name: 'Giving it back…' })).toBeDisabled();
  await expectGoodLooks(page, 'rental-unproven');
});

test('a machine that could not stop itself says so, and is restarted by who means it', async ({ page }) => {
  await page.goto('/instances/instance-working');
  await expect(visibleText(page, 'It would not stop by itself')).toBeVisible();
  const reason = 'The machine cannot stop itself: the service gave it no key of its own.';
  await expect(page.getByRole('definition').filter({ hasText: reason })).toBeVisible();
  await page.getByRole('button', { name: 'Restart: keeps its GPU, same price' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Everything that runs on it ends and it begins anew, with its files.');
  await expectGoodLooks(page, 'dialog-restart');
  await dialog.getByRole('button', { name: 'Restart it' }).click();
  await expect(dialog).toHaveCount(0);
});

test('a machine with a file that is nowhere else is given back only once that file was named', async ({ page }) => {
  await page.goto('/instances/instance-idle');
  await page.getByRole('button', { name: 'Give it back' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('One file is nowhere else')).toBeVisible();
  await expect(dialog.getByRole('button', { name: '1 to confirm' })).toBeDisabled();
  await expectGoodLooks(page, 'dialog-release');
  await dialog.getByRole('checkbox', { name: /mibera-v1-Q3_K_M\.gguf/ }).check();
  await dialog.getByRole('button', { name: 'Give it back' }).click();
  await expect(page.getByRole('button', { name: 'Giving it back…' })).toBeVisible();
});

test('what may be spent in a month is kept, and refused when it is no amount', async ({ page }) => {
  await page.goto('/settings');
  const limit = page.getByLabel('Most for rented machines in a month, $');
  await limit.fill('a lot');
  await page.getByRole('button', { name: 'Save the limit' }).click();
  await expect(visibleText(page, 'An amount in dollars, or nothing for no limit.')).toBeVisible();
  await limit.fill('25');
  await page.getByRole('button', { name: 'Save the limit' }).click();
  await expect(visibleText(page, 'Saved.')).toBeVisible();
  await page.reload();
  await expect(limit).toHaveValue('25.00');
  await expectGoodLooks(page, 'settings-budget');
});
