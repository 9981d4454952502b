import { defineConfig } from 'vitest/config';

// An odd time zone, so that a forgotten one fails here and not at a user's.
process.env['TZ'] = 'Asia/Kathmandu';

const TESTS = ['tests/**/*.test.ts', 'tests/**/*.test.tsx'];
const SLOW_TESTS = ['tests/e2e/**', 'tests/real/**', 'tests/faults/**', 'tests/bench/**', 'node_modules/**'];
/** What measures its own process (files, delays) or fills its memory gets a process that did nothing before. */
const TESTS_ALONE = [
  'tests/architecture.test.ts',
  'tests/live/live-log.test.ts',
  'tests/store/write-transaction.test.ts',
];

const DOMAIN_TESTS = 'tests/domain/**/*.test.ts';

/**
 * Half of the work was loading the same modules for each file. The files of a worker share them instead, and the set-up
 * file fails those that leave something behind for the next.
 */
const SHARING = {
  isolate: false,
  restoreMocks: true,
  unstubEnvs: true,
  unstubGlobals: true,
  setupFiles: ['tests/support/nothing-left-behind.ts'],
};

export default defineConfig({
  test: {
    // Most of the time here is waiting, for a clock or a socket; vitest's own count leaves a core idle.
    maxWorkers: 3,
    // Only to end what hangs: tests that are about time measure it themselves, and a busy machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'alone', include: TESTS_ALONE, exclude: SLOW_TESTS } },
      {
        extends: true,
        test: { name: 'shared', include: TESTS, exclude: [...SLOW_TESTS, ...TESTS_ALONE, DOMAIN_TESTS], ...SHARING },
      },
      // A project of its own, so that the run that measures coverage can be the only one that runs them.
      { extends: true, test: { name: 'domain', include: [DOMAIN_TESTS], ...SHARING } },
    ],
    coverage: {
      provider: 'v8',
      include: ['lib/domain/**/*.ts'],
      thresholds: { lines: 100, functions: 100, statements: 100, branches: 100 },
      reporter: [['text', { skipFull: true }]],
      reportsDirectory: 'dist/reports/coverage',
    },
  },
  resolve: { alias: { '@': import.meta.dirname } },
});
