import { appendFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { DashboardApi } from '../support/dashboard-api';
import { addInstance } from '../support/dashboard-host';
import { type SshdHost, startSshdHost } from '../support/sshd-host';
import { expectGoodLooks } from './appearance';
import { expect, test } from './fixtures';
import { InstancePage } from './pages/instance-page';
import { visibleText } from './visible-text';

/** Lets the dashboard's own key in, as a person does by copying it. */
async function letIn(host: SshdHost, api: DashboardApi): Promise<void> {
  const { publicKey } = await api.get<{ publicKey: string }>('/api/v1/settings/public-key');
  appendFileSync(path.join(path.dirname(host.homeFolder), 'authorized_keys'), `${publicKey}\n`);
}

const finding = (page: Page, title: string) => page.getByRole('alert').filter({ hasText: title });
const layers = (page: Page) => page.getByRole('list', { name: 'Layers of the connection' }).getByRole('listitem');

test('a key that the host does not know is named, with where it belongs; then the whole way is free', async ({
  page,
  api,
}) => {
  const host = await startSshdHost();
  const { id } = await addInstance(api, host.port, { name: 'The key is missing' });
  await page.goto(`/instances/${id}`);
  await new InstancePage(page).testConnection();
  await expect(finding(page, 'The host refused our key')).toContainText('authorized_keys');
  await expect(layers(page).nth(5)).toContainText('failed');
  await expect(layers(page).nth(6)).toContainText('not reached');
  await expectGoodLooks(page, 'connection-key-refused');
  await letIn(host, api);
  await new InstancePage(page).testConnection();
  await expect(visibleText(page, '9 of 9 passed')).toBeVisible();
  await expect(visibleText(page, 'Reachable')).toBeVisible();
  await expectGoodLooks(page, 'connection-free');
  await host.stop();
});

test('text of a login shell in the way of file transfer is shown with the line that keeps it away', async ({
  page,
  api,
}) => {
  const host = await startSshdHost({ bashrc: 'echo "Welcome to the box of Ann, have fun!"\n' });
  await letIn(host, api);
  const { id } = await addInstance(api, host.port, { name: 'A talking shell' });
  await page.goto(`/instances/${id}`);
  await new InstancePage(page).testConnection();
  const notice = finding(page, 'The host prints text into answers');
  await expect(notice).toContainText('Welcome to the box of Ann, have fun!');
  await expect(notice).toContainText('case $- in *i*)');
  await expectGoodLooks(page, 'connection-noise');
  rmSync(path.join(host.homeFolder, '.bashrc'));
  await new InstancePage(page).testConnection();
  await expect(visibleText(page, '9 of 9 passed')).toBeVisible();
  await host.stop();
});

test('another host key keeps everybody out until a person has seen both and trusts the new one', async ({
  page,
  api,
}) => {
  const host = await startSshdHost();
  await letIn(host, api);
  const { id } = await addInstance(api, host.port, { name: 'A recycled address' });
  await page.goto(`/instances/${id}`);
  await new InstancePage(page).testConnection();
  await expect(visibleText(page, '9 of 9 passed')).toBeVisible();
  const old = host.fingerprint;
  const shown = await host.restart({ newHostKey: true });
  await new InstancePage(page).testConnection();
  const notice = finding(page, 'The host shows another key than before');
  await expect(notice).toContainText(`known: ${old}`);
  await expect(notice).toContainText(`shown: ${shown}`);
  await expectGoodLooks(page, 'connection-host-key');
  await notice.getByRole('button', { name: 'Trust the new key' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(shown);
  await expectGoodLooks(page, 'connection-trust');
  await dialog.getByRole('button', { name: 'Trust this key' }).click();
  await expect(visibleText(page, '9 of 9 passed')).toBeVisible();
  await expect(page.getByRole('region', { name: 'fingerprint' })).toContainText(shown);
  await host.stop();
});

test('the tmux hook of a rented machine is switched off with one button', async ({ page, api }) => {
  const hook = `if [ ! -e ~/.no_auto_tmux ]; then if [ -t 0 ]; then exec sh; fi; echo 'no sessions'; exit 0; fi\n`;
  const host = await startSshdHost({ bashrc: hook });
  await letIn(host, api);
  const { id } = await addInstance(api, host.port, { name: 'Rented, with tmux' });
  await page.goto(`/instances/${id}`);
  await new InstancePage(page).testConnection();
  await finding(page, 'tmux swallows our commands').getByRole('button', { name: 'Switch tmux off' }).click();
  await expect(visibleText(page, '9 of 9 passed')).toBeVisible();
  await expect(visibleText(page, 'tmux was switched off')).toBeVisible();
  expect(existsSync(path.join(host.homeFolder, '.no_auto_tmux'))).toBe(true);
  await expectGoodLooks(page, 'connection-tmux-off');
  await host.stop();
});

test('a wrong port is corrected by pasting the command of the provider', async ({ page, api }) => {
  const host = await startSshdHost();
  await letIn(host, api);
  const { id } = await addInstance(api, 1, { name: 'An old port' });
  await page.goto(`/instances/${id}`);
  await new InstancePage(page).testConnection();
  const notice = finding(page, 'The host refused the connection');
  const command = notice.getByLabel('The ssh command of your provider’s page');
  await command.fill('ssh -p 40022');
  await notice.getByRole('button', { name: 'Use this address' }).click();
  await expect(notice.getByText('There is no host in this line.')).toBeVisible();
  await expect(command).toHaveValue('ssh -p 40022');
  await command.fill(`ssh -p ${host.port} root@127.0.0.1 -L 8080:localhost:8080`);
  await notice.getByRole('button', { name: 'Use this address' }).click();
  await expect(visibleText(page, '9 of 9 passed')).toBeVisible();
  await host.stop();
});
