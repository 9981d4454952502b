import type { Page } from '@playwright/test';

/** The first start, behind the link of the console. */
export class SetupPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async choose(password: string, repeated = password): Promise<void> {
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByLabel('Once more').fill(repeated);
    await this.page.getByRole('button', { name: 'Set password and open the dashboard' }).click();
  }
}
