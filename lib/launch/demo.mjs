// `npm run demo`: sets everything up, starts the dashboard and converts a real model on this machine.
// With `--once` it ends when the job has ended: exit code 0 only if every file is proven to work.

import { chooseSource } from './demo/choose-source.mjs';
import { startDashboard } from './demo/dashboard.mjs';
import { runDemoJob } from './demo/run-demo-job.mjs';
import { LaunchProblem, launch, say } from './say.mjs';
import { setUp } from './set-up.mjs';

const OUTPUTS = ['F16', 'Q4_K_M', 'Q3_K_M', 'Q8_0'];

/** The dashboard stays open for the person; on a machine without one (`--once`) it is stopped cleanly. */
async function runOnDashboard(dashboard, source, isOnce) {
  let exitCode = 1;
  try {
    exitCode = await runDemoJob(dashboard, source, OUTPUTS);
  } catch (error) {
    if (isOnce || !dashboard.isRunning()) throw error;
    console.error(error instanceof LaunchProblem ? error.message : error);
  } finally {
    if (isOnce) await dashboard.stop();
  }
  if (isOnce) return exitCode;
  say(`\nThe dashboard keeps running at ${dashboard.url} (Ctrl-C stops it; your files stay).`);
  return dashboard.ended;
}

await launch(async () => {
  const isOnce = process.argv.includes('--once');
  await setUp({ build: true });
  const source = await chooseSource();
  return runOnDashboard(await startDashboard(), source, isOnce);
});
