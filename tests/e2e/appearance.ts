import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

/** WCAG up to 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SCHEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
/** Set it to a folder to get a picture of all that is checked, for looking at. */
const PICTURES = process.env['QUANTDECK_SCREENSHOTS'];

/**
 * Checks what is on the screen now, light and dark, wide and on a phone: nothing that axe objects to, and nothing that
 * makes the page scroll sideways.
 */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const view = `${name}-${colorScheme}-${size.width}`;
      expect({ view, problems: await axeProblems(page) }).toEqual({ view, problems: [] });
      await expect.poll(() => sidewaysPx(page), { message: `${view} scrolls sideways` }).toBe(0);
      await takePicture(page, view);
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  if (before) await page.setViewportSize(before);
}

/** Each violation as rule, element and the reason. */
async function axeProblems(page: Page): Promise<string[]> {
  // By the debugger, which the page's policy on scripts does not concern.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const { axe: engine } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await engine.run(document, { runOnly: rules, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)} (${node.failureSummary ?? ''})`),
    );
  }, RULES);
}

function sidewaysPx(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}

async function takePicture(page: Page, view: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${view}.png`), fullPage: true });
}
