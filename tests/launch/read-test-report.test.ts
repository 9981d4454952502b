import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countTests, readTestReport } from '../../lib/launch/read-test-report.mjs';
import { ROOT } from '../../lib/launch/run-program.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'quantdeck-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function reportFile(content: unknown): string {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(content));
  return path.relative(ROOT, file);
}

describe('the report of a test runner', () => {
  it('counts the failed and the passed tests of vitest', () => {
    expect(countTests({ numPassedTests: 41, numFailedTests: 2, testResults: [] })).toEqual({ passed: 41, failed: 2 });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [] },
    ];
    expect(countTests({ numPassedTests: 5, numFailedTests: 1, testResults })).toEqual({ passed: 5, failed: 2 });
  });

  it('counts a test of Playwright that passed at the second try as passed', () => {
    expect(countTests({ stats: { expected: 7, flaky: 1, unexpected: 3, skipped: 2 } })).toEqual({
      passed: 8,
      failed: 3,
    });
  });

  it('that does not exist is a failure, whatever the exit code', () => {
    expect(readTestReport('dist/reports/no-such-report.json', 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('without a failure is one when the runner ended with an error', () => {
    const file = reportFile({ numPassedTests: 3, numFailedTests: 0, testResults: [] });
    expect(readTestReport(file, 1)).toEqual({ passed: 3, failed: 1 });
    expect(readTestReport(file, 0)).toEqual({ passed: 3, failed: 0 });
  });
});
