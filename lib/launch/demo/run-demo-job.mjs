import { LaunchProblem, say } from '../say.mjs';
import { followJob } from './follow-job.mjs';
import { reportJob } from './report-job.mjs';

/**
 * Starts a job on "This machine", follows it to its end and says how each file turned out.
 * @param {{ url: string, api: ReturnType<typeof import('./api-client.mjs').createApi>, endSignal?: AbortSignal }} dashboard
 * @returns {Promise<number>} the exit code: 0 only if every file is proven to work
 */
export async function runDemoJob(dashboard, source, outputs) {
  const machine = await findThisMachine(dashboard.api);
  const job = await dashboard.api.post('/api/v1/jobs', { source, instanceId: machine.id, outputs });
  say(`\nThe job is on its way. Watch it: ${dashboard.url}/jobs/${job.id}`);
  const ended = await followJob(dashboard.api, job.id, dashboard.endSignal);
  reportJob(ended);
  return ended.verdict === 'works' ? 0 : 1;
}

async function findThisMachine(api) {
  const { instances } = await api.get('/api/v1/instances');
  const machine = instances.find((instance) => instance.kind === 'this-machine');
  if (machine) return machine;
  throw new LaunchProblem(
    'The dashboard offers no "This machine" here: that needs Linux or macOS. Add an SSH host in the browser instead.',
  );
}
