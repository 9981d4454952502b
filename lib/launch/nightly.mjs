// `npm run nightly`: what takes too long for every change. Lives of rentals and kills from random seeds, which are printed
// and can be given again (QUANTDECK_FIRST_SEED, QUANTDECK_FAULT_SEED), the corpora of broken checkpoints, and everything else
// that llama.cpp was asked once: QUANTDECK_NIGHTLY asks it again, so that a wrong memory is found within a day.
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { installTestTools } from './install-test-tools.mjs';
import { prepareToolchain } from './prepare-toolchain.mjs';
import { runRealTests } from './run-with-report.mjs';
import { launch, say } from './say.mjs';
import { setUp } from './set-up.mjs';

const SEEDS = 500;
const MOST_SEEDS = 1_000_000_000;
const LIVES = 'tests/real/rentals/nothing-is-forgotten.test.ts';
const KILLS = ['tests/faults/kill-while-renting.test.ts', 'tests/faults/kill-dashboard.test.ts'];
const MODELS = ['tests/real/model'];

/** Runs test files with settings of their own; answers with the counts. */
function runTests(name, files, env) {
  return runRealTests(`${name}:`, `dist/reports/nightly-${name}.json`, {
    files,
    reporter: 'default',
    env: { ...env, QUANTDECK_NIGHTLY: '1' },
  });
}

/** One process for each core, each with its share of the seeds. */
function runLives(first, count) {
  const parts = Math.min(availableParallelism(), count);
  const bounds = Array.from({ length: parts + 1 }, (_, part) => Math.floor((part * count) / parts));
  return bounds.slice(1).map((end, part) => {
    const env = { QUANTDECK_FIRST_SEED: String(first + bounds[part]), QUANTDECK_SEEDS: String(end - bounds[part]) };
    return runTests(`lives-${part + 1}`, [LIVES], env);
  });
}

await launch(async () => {
  await setUp({ build: true });
  await installTestTools();
  await prepareToolchain();
  const count = Number(process.env['QUANTDECK_SEEDS'] ?? SEEDS);
  const first = Number(process.env['QUANTDECK_FIRST_SEED'] ?? randomInt(MOST_SEEDS));
  const faultSeed = Number(process.env['QUANTDECK_FAULT_SEED'] ?? randomInt(MOST_SEEDS));
  say(`\n${count} lives of rentals: QUANTDECK_FIRST_SEED=${first}. Kills: QUANTDECK_FAULT_SEED=${faultSeed}.`);
  const counts = await Promise.all(runLives(first, count));
  counts.push(await runTests('kills', KILLS, { QUANTDECK_FAULT_SEED: String(faultSeed) }));
  counts.push(await runTests('models', MODELS, {}));
  const passed = counts.reduce((sum, each) => sum + each.passed, 0);
  const failed = counts.reduce((sum, each) => sum + each.failed, 0);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
