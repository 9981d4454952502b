import { expect, type Page } from '@playwright/test';

/** The form "add an SSH host" and the page of one instance. */
export class InstancePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async openNew(): Promise<void> {
    await this.page.goto('/instances/new');
  }

  async paste(line: string): Promise<void> {
    await this.page.getByLabel('Paste an ssh command').fill(line);
  }

  async expectEndpoint(endpoint: { host: string; port: string; user: string }): Promise<void> {
    await expect(this.page.getByLabel('Host name or IP address')).toHaveValue(endpoint.host);
    await expect(this.page.getByLabel('Port', { exact: true })).toHaveValue(endpoint.port);
    await expect(this.page.getByLabel('User', { exact: true })).toHaveValue(endpoint.user);
  }

  async save(name: string): Promise<void> {
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByRole('button', { name: 'Save and test the connection' }).click();
    await this.page.waitForURL(/\/instances\/(?!new)/);
  }

  async testConnection(): Promise<void> {
    await this.page.getByRole('button', { name: 'Test connection' }).click();
  }
}
