import { defineConfig } from 'vitest/config';

process.env['TZ'] = 'Asia/Kathmandu';

// Tests that start sshd, run llama.cpp or kill a built server. They are about time and processes, so one file at a time:
// on two cores a second conversion next door would turn waits into failures.
export default defineConfig({
  test: {
    include: ['tests/real/**/*.test.ts', 'tests/faults/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
  resolve: { alias: { '@': import.meta.dirname } },
});
