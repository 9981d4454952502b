import { rmSync } from 'node:fs';
import path from 'node:path';
import { readTestReport } from './read-test-report.mjs';
import { ROOT, runPackage, runProgram } from './run-program.mjs';
import { durationText, say } from './say.mjs';

const UNIT_REPORT = 'dist/reports/unit.json';
const DOMAIN_REPORT = 'dist/reports/domain.json';
const AT_ONCE = 2;

/**
 * The import table is checked by tests/architecture.test.ts, among the tests. Longest first, so that the short ones fill the
 * gaps. Each answers with `{ code, output, durationMs }`; those with a report count tests.
 */
const CHECKS = [
  { name: 'tests', report: UNIT_REPORT, run: () => runTests(UNIT_REPORT, ['--project=!domain']) },
  { name: 'types', run: runTypes },
  { name: 'lint and format', run: () => runPackage('@biomejs/biome', ['ci', '--colors=off', '.'], { quiet: true }) },
  {
    // Apart from the other tests on purpose: a line of the domain counts as covered only when a test of the domain ran it.
    name: 'domain covered',
    report: DOMAIN_REPORT,
    run: () => runTests(DOMAIN_REPORT, ['--project=domain', '--coverage', '--maxWorkers=1']),
  },
  { name: 'dead code', run: () => runPackage('knip', ['--no-progress'], { quiet: true }) },
  { name: 'schema', run: () => runProgram(process.execPath, ['lib/store/schema-tool.mjs', 'check'], { quiet: true }) },
  { name: 'lockfile', run: () => runProgram(process.execPath, ['lib/launch/check-lockfile.mjs'], { quiet: true }) },
];

function runTests(report, args) {
  rmSync(path.join(ROOT, report), { force: true });
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  return runPackage('vitest', ['run', ...args, ...reporters], { quiet: true });
}

/**
 * `next typegen` writes the types of the routes that tsc then needs. The compiler is TypeScript 7, the native one, under a
 * name of its own: it needs a third of the time, and the tools that call the compiler's API know only 5.
 */
async function runTypes() {
  const routes = await runPackage('next', ['typegen'], { quiet: true });
  if (routes.code !== 0) return routes;
  const types = await runPackage('typescript-native', ['--noEmit', '--pretty', 'false'], { quiet: true, bin: 'tsc' });
  return { ...types, durationMs: routes.durationMs + types.durationMs };
}

/**
 * Runs all checks, two at a time, and prints a table; the output of those that failed comes before it.
 * @returns {Promise<{ passed: number, failed: number }>} tests that passed; tests and other checks that failed
 */
export async function runChecks() {
  const startedMs = performance.now();
  const waiting = [...CHECKS];
  const results = [];
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = { ...check, ...(await check.run()) };
      results.push(result);
      say(`  ${result.code === 0 ? 'ok    ' : 'FAILED'} ${result.name} (${durationText(result.durationMs)})`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return summarize(results, performance.now() - startedMs);
}

function summarize(results, durationMs) {
  const failures = results.filter((result) => result.code !== 0);
  for (const failure of failures) say(`\n---- ${failure.name} ----\n${failure.output.trim()}`);
  const counts = results.filter(({ report }) => report).map(({ report, code }) => readTestReport(report, code));
  const passed = counts.reduce((sum, each) => sum + each.passed, 0);
  const failedTests = counts.reduce((sum, each) => sum + each.failed, 0);
  const otherFailures = failures.filter(({ report }) => !report).length;
  say('\n  check             result   time');
  for (const { name } of CHECKS) {
    const result = results.find((each) => each.name === name);
    say(`  ${name.padEnd(17)} ${(result.code === 0 ? 'ok' : 'FAILED').padEnd(8)} ${durationText(result.durationMs)}`);
  }
  say(`  ${'all'.padEnd(17)} ${(failures.length === 0 ? 'ok' : 'FAILED').padEnd(8)} ${durationText(durationMs)}`);
  say(`  ${passed} tests passed, ${failedTests} failed.`);
  return { passed, failed: failedTests + otherFailures };
}
