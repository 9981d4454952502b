// `npm test`: sets everything up and runs every test there is, the slow and real ones included. What CI runs.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { installTestTools } from './install-test-tools.mjs';
import { prepareToolchain } from './prepare-toolchain.mjs';
import { readTestReport } from './read-test-report.mjs';
import { runChecks } from './run-checks.mjs';
import { ROOT, runPackage } from './run-program.mjs';
import { durationText, launch, say } from './say.mjs';
import { setUp } from './set-up.mjs';

const REAL_REPORT = 'dist/reports/real.json';
const BROWSER_REPORT = 'dist/reports/browser.json';

async function runReal() {
  const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${REAL_REPORT}`];
  return runPackage('vitest', ['run', '--config', 'vitest.real.config.ts', ...reporters]);
}

async function runBrowser() {
  return runPackage('@playwright/test', ['test', '--reporter=list,json'], {
    bin: 'playwright',
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: path.join(ROOT, BROWSER_REPORT) },
  });
}

async function runWithReport(title, report, run) {
  say(`\n${title}`);
  rmSync(path.join(ROOT, report), { force: true });
  const { code, durationMs } = await run();
  const counts = readTestReport(report, code);
  say(`${title} ${counts.passed} passed, ${counts.failed} failed (${durationText(durationMs)}).`);
  return counts;
}

await launch(async () => {
  const startedMs = performance.now();
  await setUp({ build: true });
  await installTestTools();
  await prepareToolchain();
  say('\nChecks and fast tests:');
  const parts = [
    await runChecks(),
    await runWithReport('Tests with real SSH servers and real llama.cpp:', REAL_REPORT, runReal),
    await runWithReport('Tests in a real browser:', BROWSER_REPORT, runBrowser),
  ];
  const passed = parts.reduce((sum, part) => sum + part.passed, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, 0);
  say(`\nEverything took ${durationText(performance.now() - startedMs)}.`);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
