// `npm test`: sets everything up and runs every test there is, the slow and real ones included. What CI runs.
import path from 'node:path';
import { installTestTools } from './install-test-tools.mjs';
import { prepareToolchain } from './prepare-toolchain.mjs';
import { runChecks } from './run-checks.mjs';
import { ROOT, runPackage } from './run-program.mjs';
import { runRealTests, runWithReport } from './run-with-report.mjs';
import { durationText, launch, say } from './say.mjs';
import { setUp } from './set-up.mjs';

const REAL_REPORT = 'dist/reports/real.json';
const BROWSER_REPORT = 'dist/reports/browser.json';

async function runBrowser() {
  return runPackage('@playwright/test', ['test', '--reporter=list,json'], {
    bin: 'playwright',
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: path.join(ROOT, BROWSER_REPORT) },
  });
}

await launch(async () => {
  const startedMs = performance.now();
  await setUp({ build: true });
  await installTestTools();
  await prepareToolchain();
  say('\nChecks and fast tests:');
  const parts = [
    await runChecks(),
    await runRealTests('Tests with real SSH servers and real llama.cpp:', REAL_REPORT),
    await runWithReport('Tests in a real browser:', BROWSER_REPORT, runBrowser),
  ];
  const passed = parts.reduce((sum, part) => sum + part.passed, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, 0);
  say(`\nEverything took ${durationText(performance.now() - startedMs)}.`);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
