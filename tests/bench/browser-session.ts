import { type Browser, chromium, type Page } from '@playwright/test';
import { chromiumPath } from '../../lib/launch/chromium-path.mjs';

/** The password that tests/support/dashboard-process.ts seeds. */
const PASSWORD = 'a password of the tests';
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface BrowserSession {
  readonly browser: Browser;
  readonly page: Page;
  /** For clients that are no browser: `name=value` of the session's cookie. */
  readonly cookie: string;
  close(): Promise<void>;
}

/** Chromium, logged in through the login page. */
export async function openBrowserSession(url: string): Promise<BrowserSession> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((address) => address.pathname !== '/login');
  const cookies = await context.cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return { browser, page, cookie, close: () => browser.close() };
}
