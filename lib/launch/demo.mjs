// `npm run demo`: sets everything up, starts the dashboard and converts a real model on this machine.
// With `--once` it ends when the job has ended: exit code 0 only if every file is proven to work.

import { chooseSource } from './demo/choose-source.mjs';
import { startDashboard } from './demo/dashboard.mjs';
import { followJob } from './demo/follow-job.mjs';
import { reportJob } from './demo/report-job.mjs';
import { LaunchProblem, launch, say } from './say.mjs';
import { setUp } from './set-up.mjs';

const OUTPUTS = ['F16', 'Q4_K_M', 'Q3_K_M', 'Q8_0'];

async function findThisMachine(api) {
  const { instances } = await api.get('/api/v1/instances');
  const machine = instances.find((instance) => instance.kind === 'this-machine');
  if (machine) return machine;
  throw new LaunchProblem(
    'The dashboard offers no "This machine" here: that needs Linux or macOS. Add an SSH host in the browser instead.',
  );
}

async function runMainJob(dashboard, source) {
  const machine = await findThisMachine(dashboard.api);
  const job = await dashboard.api.post('/api/v1/jobs', { source, instanceId: machine.id, outputs: OUTPUTS });
  say(`\nThe job is on its way. Watch it: ${dashboard.url}/jobs/${job.id}`);
  const ended = await followJob(dashboard.api, job.id, dashboard.endSignal);
  reportJob(ended);
  return ended.verdict === 'works' ? 0 : 1;
}

/** The dashboard stays open for the person; on a machine without one (`--once`) it is stopped cleanly. */
async function runOnDashboard(dashboard, source, isOnce) {
  let exitCode = 1;
  try {
    exitCode = await runMainJob(dashboard, source);
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
