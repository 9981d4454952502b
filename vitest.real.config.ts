import { defineConfig } from 'vitest/config';

process.env['TZ'] = 'Asia/Kathmandu';

/** What starts sshd or our own SSH server and then mostly waits for it: no dashboard, no conversion. */
const HOST_TESTS = ['tests/real/{hub,ssh}/**/*.test.ts'];

/** What converts small models and reads files: work for every core, and no clock that others could disturb. */
const MODEL_TESTS = ['tests/real/model/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'hosts', include: HOST_TESTS, maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'models', include: MODEL_TESTS, maxWorkers: 2, sequence: { groupOrder: 2 } },
      },
      {
        // Tests that run llama.cpp or kill a built server. They are about time and processes, so one file at a time:
        // on two cores a second conversion next door would turn waits into failures.
        extends: true,
        test: {
          name: 'jobs',
          include: ['tests/real/**/*.test.ts', 'tests/faults/**/*.test.ts'],
          exclude: [...HOST_TESTS, ...MODEL_TESTS],
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
  resolve: { alias: { '@': import.meta.dirname } },
});
