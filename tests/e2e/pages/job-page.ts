import { expect, type Locator, type Page } from '@playwright/test';
import { visibleText } from '../visible-text';

/** A conversion of the tiny checkpoint takes about 20 s alone on two cores; a busy machine may need several times that. */
export const CONVERSION_MS = 75_000;

/** The live page of one job. */
export class JobPage {
  readonly page: Page;
  readonly steps: Locator;
  readonly verdict: Locator;
  readonly log: Locator;

  constructor(page: Page) {
    this.page = page;
    this.steps = page.getByRole('region', { name: 'Steps' });
    this.verdict = page.getByRole('region', { name: /^(Works|Partly works|Does not work|Not proven yet)$/ });
    this.log = page.getByRole('log');
  }

  async open(jobId: string): Promise<void> {
    await this.page.goto(`/jobs/${jobId}`);
  }

  get jobId(): string {
    return new URL(this.page.url()).pathname.split('/')[2] ?? '';
  }

  /** A step's row in the list. */
  step(title: string): Locator {
    return this.steps.getByRole('button', { name: new RegExp(`^${title}`) });
  }

  async show(title: string): Promise<void> {
    const row = this.step(title);
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
    await expect(this.steps.getByRole('heading', { name: title })).toBeVisible();
  }

  async expectStatus(word: 'Queued' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled'): Promise<void> {
    // While a page streams in, its header is there twice for a moment, once hidden.
    const shown = visibleText(this.page.locator('header'), word, { exact: true });
    await expect(shown).toBeVisible({ timeout: CONVERSION_MS });
  }

  async expectWorks(fileCount: number): Promise<void> {
    await this.expectStatus('Succeeded');
    await expect(this.verdict.getByRole('heading', { name: 'Works', exact: true })).toBeVisible();
    await expect(this.verdict.getByText('Generates: yes')).toHaveCount(fileCount);
  }

  /** The line that is marked in the log, as number and text. */
  get marked(): Locator {
    return this.log.locator('[data-offset].bg-mark');
  }

  /** Whether an element is wholly inside of the log's box. */
  isInView(row: Locator): Promise<boolean> {
    return row.evaluate((element) => {
      const box = element.closest('[role=log]')?.getBoundingClientRect();
      const place = element.getBoundingClientRect();
      return box !== undefined && place.top >= box.top && place.bottom <= box.bottom;
    });
  }

  /** Hides the tab or brings it back, as far as a page can tell. */
  async setHidden(isHidden: boolean): Promise<void> {
    await this.page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  }

  /** All lines of the log that is shown, read by scrolling through it as a person would. */
  async readLog(): Promise<string[]> {
    await expect(this.log).toBeVisible();
    return this.log.evaluate(async (box) => {
      const lines = new Map<number, string>();
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));
      box.scrollTop = 0;
      for (;;) {
        await frame();
        for (const row of box.querySelectorAll<HTMLElement>('[data-offset]')) {
          lines.set(Number(row.dataset['offset']), row.lastElementChild?.textContent ?? '');
        }
        if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) break;
        box.scrollTop += box.clientHeight / 2;
      }
      return [...lines].sort(([left], [right]) => left - right).map(([, text]) => text);
    });
  }
}
