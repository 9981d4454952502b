import { type DashboardApi, stepOf } from '../support/dashboard-api';

const KEY = 'quantize:Q8_0';

/** Starts a job whose quantize step prints first, and waits until that step's command is under way. */
export async function startPrintingStep(
  api: DashboardApi,
  checkpoint: string,
): Promise<{ jobId: string; stepId: string }> {
  const jobId = await api.startJob({
    source: { kind: 'folder', location: 'host', path: checkpoint },
    outputs: ['F16', 'Q8_0'],
    bringHome: false,
  });
  const job = await api.until(jobId, (now) => stepOf(now, KEY).attempts.length > 0);
  return { jobId, stepId: stepOf(job, KEY).id };
}
