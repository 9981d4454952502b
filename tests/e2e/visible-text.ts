import type { Locator, Page } from '@playwright/test';

/** Visible text of a page: what streams in is there twice for a moment, once of it hidden, and a text alone means both. */
export function visibleText(within: Page | Locator, text: string | RegExp, options?: { exact: boolean }): Locator {
  return within.getByText(text, options).filter({ visible: true });
}
