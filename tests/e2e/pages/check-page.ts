import { expect, type Page } from '@playwright/test';

/** The pages of model checks. */
export class CheckPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Checks a source and waits for the report. */
  async check(source: string): Promise<void> {
    await this.#page.goto('/checks');
    await this.#page.getByLabel('Model id, address or folder').fill(source);
    await this.#page.getByRole('button', { name: 'Check', exact: true }).click();
    await this.#page.waitForURL(/\/checks\/[a-z0-9-]+$/);
    await expect(this.#page.getByRole('heading', { name: 'Findings' })).toBeVisible({ timeout: 30_000 });
  }

  /** One change of the proposed repair, as the diff shows it. */
  change(field: string) {
    return this.#page
      .getByRole('list', { name: 'Changes to config.json' })
      .getByRole('listitem')
      .filter({ hasText: field });
  }
}
