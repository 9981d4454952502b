import { defineConfig } from 'vitest/config';

// An odd time zone, so that a forgotten one fails here and not at a user's.
process.env['TZ'] = 'Asia/Kathmandu';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/e2e/**', 'tests/real/**', 'tests/faults/**', 'tests/bench/**', 'node_modules/**'],
    // Most of the time here is waiting, for a clock or a socket; vitest's own count leaves a core idle.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
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
