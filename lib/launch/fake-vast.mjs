// `npm run fake-vast`: a vast.ai on this machine, for trying things without an account and without a bill.
// `npm run fake-vast -- --speed 20 --credit 5 --port 9000 --seed 3` for another one.
import path from 'node:path';
import { packageProgram, ROOT } from './run-program.mjs';
import { runInForeground } from './run-server.mjs';
import { launch } from './say.mjs';
import { setUp } from './set-up.mjs';

await launch(async () => {
  await setUp({ build: false });
  const program = path.join(ROOT, 'tests', 'support', 'fake-vast', 'run-by-hand.ts');
  return runInForeground([packageProgram('tsx'), program, ...process.argv.slice(2)]);
});
