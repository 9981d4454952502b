import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './run-program.mjs';

/**
 * The counts of a JSON report by vitest or Playwright. A runner that failed without a report, or that reports success
 * but ended with an error, counts as one failure: silence is never a pass.
 * @param {string} file relative to the project
 * @param {number} exitCode of the runner
 */
export function readTestReport(file, exitCode) {
  const absolute = path.join(ROOT, file);
  if (!existsSync(absolute)) return { passed: 0, failed: 1 };
  const counts = countTests(JSON.parse(readFileSync(absolute, 'utf8')));
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** vitest writes totals; Playwright writes `stats`, where a flaky test passed in the end. */
export function countTests(report) {
  if (report.stats) return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected };
  return { passed: report.numPassedTests, failed: report.numFailedTests + countBrokenFiles(report) };
}

/** A file that could not even be loaded has no tests, so vitest's totals do not know of it. */
function countBrokenFiles(report) {
  return report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
}
