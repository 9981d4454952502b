import { defineConfig } from 'vitest/config';

// An odd time zone, so that a forgotten one fails here and not at a user's.
process.env['TZ'] = 'Asia/Kathmandu';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/e2e/**', 'tests/real/**', 'tests/faults/**', 'tests/bench/**', 'node_modules/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    coverage: { provider: 'v8', include: ['lib/domain/**', 'lib/model/**'] },
  },
  resolve: { alias: { '@': import.meta.dirname } },
});
