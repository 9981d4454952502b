import os from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

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

const PORT = 4110;
/** Seeded for tests alone; the server it opens lives in a folder of its own and ends with the tests. */
export const TEST_PASSWORD = 'a password for the browser tests';
export const TEST_TOKEN = 'qd_browser_tests_0123456789abcdef0123456789abcdef';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    launchOptions: { executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: CHROMIUM_ARGS },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: 'node --enable-source-maps dist/server.mjs',
    url: `http://127.0.0.1:${PORT}/api/v1/health`,
    env: {
      PORT: String(PORT),
      QUANTDECK_DATA_DIR: path.join(os.tmpdir(), `quantdeck-e2e-${process.pid}`),
      QUANTDECK_ADMIN_PASSWORD: TEST_PASSWORD,
      QUANTDECK_API_TOKEN: TEST_TOKEN,
      NEXT_TELEMETRY_DISABLED: '1',
    },
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
  },
});
