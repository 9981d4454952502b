import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, type Page } from '@playwright/test';
import type { DashboardApi } from '../support/dashboard-api';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { Dashboard } from '../support/dashboard-process';
import { type FakeHub, startFakeHub } from '../support/fake-hub/fake-hub';
import { LoginPage } from './pages/login-page';

export const PASSWORD = 'a password for the browser tests';

interface WorkerParts {
  /** A hub without any model. */
  readonly hub: FakeHub;
  /** One dashboard for all tests of this worker, with an account. */
  readonly dashboard: Dashboard;
  readonly checkpoint: string;
  /** Cookies of somebody who is logged in there. */
  readonly cookies: CookieFile;
}
type CookieFile = string;

interface TestParts {
  readonly api: DashboardApi;
  /** A page of somebody who is not logged in. */
  readonly stranger: Page;
  /** A folder of this test alone. */
  readonly folder: string;
}

/** Tests in a real browser, on a real server, with real conversions. `page` is logged in. */
export const test = base.extend<TestParts, WorkerParts>({
  hub: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs off its first parameter
    async ({}, use) => {
      const hub = await startFakeHub();
      await use(hub);
      await hub.close();
    },
    { scope: 'worker' },
  ],
  dashboard: [
    async ({ hub }, use) => {
      const dashboard = await Dashboard.start({ QUANTDECK_ADMIN_PASSWORD: PASSWORD, HF_ENDPOINT: hub.url });
      await use(dashboard);
      await dashboard.remove();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: see above
  checkpoint: [async ({}, use) => use(await tinyCheckpoint()), { scope: 'worker' }],
  cookies: [
    async ({ browser, dashboard }, use) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-cookies-'));
      const context = await browser.newContext({ baseURL: dashboard.api.url });
      await new LoginPage(await context.newPage()).logIn(PASSWORD);
      const file = path.join(folder, 'cookies.json');
      await context.storageState({ path: file });
      await context.close();
      await use(file);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ dashboard }, use) => use(dashboard.api.url),
  storageState: async ({ cookies }, use) => use(cookies),
  api: async ({ dashboard }, use) => use(dashboard.api),
  stranger: async ({ browser, dashboard }, use) => {
    const context = await browser.newContext({
      baseURL: dashboard.api.url,
      storageState: { cookies: [], origins: [] },
    });
    await use(await context.newPage());
    await context.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: see above
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

/** The same on a dashboard that finds in its database what `seed` writes there before it starts. */
export function seededTest(seed: (dataFolder: string) => Promise<void>) {
  return test.extend<Record<never, never>, Pick<WorkerParts, 'dashboard'>>({
    dashboard: [
      // biome-ignore lint/correctness/noEmptyPattern: see above
      async ({}, use) => {
        const dashboard = await Dashboard.start({ QUANTDECK_ADMIN_PASSWORD: PASSWORD });
        await dashboard.end('SIGTERM');
        await seed(dashboard.dataFolder);
        await dashboard.begin();
        await use(dashboard);
        await dashboard.remove();
      },
      { scope: 'worker', timeout: 90_000 },
    ],
  });
}

export { expect } from '@playwright/test';
