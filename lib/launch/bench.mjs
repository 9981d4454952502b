// `npm run bench`: the measurements in tests/bench, one after the other, with nothing else running.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { prepareToolchain } from './prepare-toolchain.mjs';
import { packageProgram, ROOT, runPackage, runProgram } from './run-program.mjs';
import { durationText, LaunchProblem, launch, say } from './say.mjs';
import { setUp } from './set-up.mjs';

const FOLDER = path.join(ROOT, 'tests', 'bench');

function findBenchmarks(wanted) {
  const files = existsSync(FOLDER)
    ? readdirSync(FOLDER)
        .filter((name) => /\.bench\.(ts|mjs)$/.test(name))
        .sort()
    : [];
  const chosen = files.filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
  if (chosen.length > 0) return chosen;
  throw new LaunchProblem(
    `No benchmark matches ${wanted.join(' ') || 'tests/bench/*.bench.ts'}. There are: ${files.join(', ') || 'none'}.`,
  );
}

await launch(async () => {
  const benchmarks = findBenchmarks(process.argv.slice(2));
  await setUp({ build: true });
  await prepareToolchain();
  let failed = 0;
  for (const name of benchmarks) {
    say(`\n${name}`);
    const run = await runProgram(process.execPath, [packageProgram('tsx'), path.join(FOLDER, name)]);
    say(`${name}: ${run.code === 0 ? 'done' : `ended with exit code ${run.code}`} (${durationText(run.durationMs)}).`);
    if (run.code !== 0) failed += 1;
    // What it recorded is checked like every other file.
    await runPackage('@biomejs/biome', ['format', '--write', path.join(FOLDER, 'results')], { quiet: true });
  }
  return failed === 0 ? 0 : 1;
});
