import { expect, type Page } from '@playwright/test';

/** The key for vast.ai, tokens, addresses, password and sessions. */
export class SettingsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto('/settings');
  }

  async storeVastKey(key: string): Promise<void> {
    await this.page.getByLabel('API key').fill(key);
    await this.page.getByRole('button', { name: 'Store and check' }).click();
  }

  /** Opens the page and stores a key that may do all, for tests that are not about keys. */
  async enterVastKey(key: string): Promise<void> {
    await this.open();
    await this.storeVastKey(key);
    // Each right is asked for at the pace that the service allows.
    await expect(this.page.getByText('This key can do all that Quantdeck needs.')).toBeVisible({ timeout: 40_000 });
  }

  /** Makes an API token and returns what is shown once. */
  async makeToken(name: string, scope: 'read' | 'write'): Promise<string> {
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByLabel('May').selectOption(scope);
    await this.page.getByRole('button', { name: 'Make token' }).click();
    return (await this.page.getByRole('region', { name: 'token', exact: true }).innerText()).trim();
  }

  async revokeToken(name: string): Promise<void> {
    await this.page.getByRole('button', { name: `Revoke ${name}` }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click();
    await expect(this.page.getByRole('button', { name: `Revoke ${name}` })).toHaveCount(0);
  }

  async changePassword(current: string, next: string): Promise<void> {
    await this.page.getByLabel('Current password').fill(current);
    await this.page.getByLabel('New password', { exact: true }).fill(next);
    await this.page.getByLabel('New password once more').fill(next);
    await this.page.getByRole('button', { name: 'Change password' }).click();
  }
}
