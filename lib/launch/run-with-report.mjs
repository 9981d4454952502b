import { rmSync } from 'node:fs';
import path from 'node:path';
import { readTestReport } from './read-test-report.mjs';
import { ROOT, runPackage } from './run-program.mjs';
import { durationText, say } from './say.mjs';

/** Runs tests that write a report, and says and answers how many of them passed and failed. */
export async function runWithReport(title, report, run) {
  say(`\n${title}`);
  rmSync(path.join(ROOT, report), { force: true });
  const { code, durationMs } = await run();
  const counts = readTestReport(report, code);
  say(`${title} ${counts.passed} passed, ${counts.failed} failed (${durationText(durationMs)}).`);
  return counts;
}

/**
 * The same for tests with real SSH servers and real llama.cpp.
 * @param {{ files?: readonly string[], reporter?: string, env?: Record<string, string> }} [options] all files without any
 */
export async function runRealTests(title, report, { files = [], reporter = 'verbose', env = {} } = {}) {
  const reporters = [`--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${report}`];
  const args = ['run', '--config', 'vitest.real.config.ts', ...files, ...reporters];
  return runWithReport(title, report, () => runPackage('vitest', args, { env }));
}
