import { expect, type Page } from '@playwright/test';

/** Tokens, addresses, password and sessions. */
export class SettingsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.goto('/settings');
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
