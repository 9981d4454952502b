import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

process.env['TZ'] = 'Asia/Kathmandu';

const isNightly = process.env['QUANTDECK_NIGHTLY'] === '1';

/** What starts sshd or our own SSH server and then mostly waits for it: no dashboard, no conversion. */
const HOST_TESTS = ['tests/real/{hub,ssh}/**/*.test.ts'];

/**
 * What converts small models, reads files or plays an hour of renting in seconds: work for every core, and no clock that
 * others could disturb. In one group with the hosts, so that it fills the cores while those wait.
 */
const MODEL_TESTS = ['tests/real/{model,rentals}/**/*.test.ts'];

/**
 * What starts dashboards all the time, several at once: it fills the cores by itself. By day it plays one of its three
 * journeys and waits half of its time like any other.
 */
const CROWDED_TESTS = isNightly ? ['tests/faults/kill-while-renting.test.ts'] : [];

/** Takes a minute of two cores and differs from the other corpus in its cases alone: once a night is enough. */
const NIGHTLY_TESTS = isNightly ? [] : ['tests/real/model/held-out-corpus.test.ts'];

/**
 * Longest first: vitest knows how long a file took only where it ran before, and a corpus that begins last keeps one
 * core busy for minutes while the other has nothing left.
 */
const LONGEST = [
  'tests/real/model/corpus.test.ts',
  'tests/real/model/held-out-corpus.test.ts',
  'tests/real/rentals/nothing-is-forgotten.test.ts',
  'tests/real/ssh/login-shells.test.ts',
  'tests/real/ssh/other-shells.test.ts',
  'tests/real/ssh/mac-like-host.test.ts',
  'tests/real/vast/rented-job.test.ts',
  'tests/faults/kill-dashboard.test.ts',
  'tests/faults/kill-while-renting.test.ts',
  'tests/real/pipeline/bad-input.test.ts',
];

/** For all but the hosts, which need no model. */
const globalSetup = ['tests/real/global-setup.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((file) => moduleId.endsWith(file));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
        test: {
          name: 'models',
          include: MODEL_TESTS,
          exclude: NIGHTLY_TESTS,
          globalSetup,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Tests that run llama.cpp or kill a built server. They are about time and processes, and half of theirs is waiting,
        // so two files at a time: with more, conversions next door would turn waits into failures on two cores.
        extends: true,
        test: {
          name: 'jobs',
          include: ['tests/real/**/*.test.ts', 'tests/faults/**/*.test.ts'],
          exclude: [...HOST_TESTS, ...MODEL_TESTS, ...CROWDED_TESTS],
          globalSetup,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      ...CROWDED_TESTS.map((file) => ({
        extends: true as const,
        test: { name: 'crowded', include: [file], globalSetup, maxWorkers: 1, sequence: { groupOrder: 3 } },
      })),
    ],
  },
  resolve: { alias: { '@': import.meta.dirname } },
});
