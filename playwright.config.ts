import { defineConfig } from '@playwright/test';
import { chromiumPath } from './lib/launch/chromium-path.mjs';

// Debian's Chromium instead of a download; every switch below either keeps it from calling out or is needed as root.
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Takes a minute: begun last it would keep one worker busy while the other has nothing left. */
const LONGEST = '**/rented-journey.spec.ts';

export default defineConfig({
  testDir: 'tests/e2e',
  projects: [
    { name: 'longest', testMatch: LONGEST },
    { name: 'others', testMatch: '**/*.spec.ts', testIgnore: LONGEST },
  ],
  globalSetup: './tests/e2e/global-setup.ts',
  // Each worker has a dashboard and hosts of its own. Much of a test is waiting, for SSH, for pages that settle; more than two
  // conversions at a time would turn waits into failures on two cores.
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    launchOptions: { executablePath: chromiumPath(), args: CHROMIUM_ARGS },
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: 'reduce' },
    // A trace of every action is a fifth of the time that all tests take; asked for when one fails and its picture says too little.
    trace: process.env['QUANTDECK_TRACE'] === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
  },
});
