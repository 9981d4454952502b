import type { Locator, Page } from '@playwright/test';
import { JobPage } from './job-page';

/** The form of a job. */
export class NewJobPage {
  readonly page: Page;
  readonly source: Locator;
  readonly start: Locator;

  constructor(page: Page) {
    this.page = page;
    this.source = page.getByLabel('Model id, address or folder');
    this.start = page.getByRole('button', { name: 'Start job' });
  }

  async open(): Promise<void> {
    await this.page.goto('/jobs/new');
  }

  output(type: string): Locator {
    return this.page.locator(`input[name="outputs"][value="${type}"]`);
  }

  /** Chooses exactly these, opening the groups that hold them. */
  async chooseOutputs(types: readonly string[]): Promise<void> {
    for (const box of await this.page.locator('input[name="outputs"]:checked').all()) await box.uncheck();
    for (const type of types) {
      const group = this.page.locator('details', { has: this.output(type) });
      if ((await group.count()) > 0 && (await group.getAttribute('open')) === null) {
        await group.locator('summary').click();
      }
      await this.output(type).check();
    }
  }

  /** Fills the form for a folder on This machine and starts the job. */
  async startFolderJob(folder: string, outputs: readonly string[]): Promise<JobPage> {
    await this.open();
    await this.source.fill(folder);
    await this.page.getByRole('radio', { name: /This machine/ }).check();
    await this.chooseOutputs(outputs);
    return this.send();
  }

  async send(): Promise<JobPage> {
    await this.start.click();
    await this.page.waitForURL(/\/jobs\/(?!new)[^/?]+/);
    return new JobPage(this.page);
  }
}
