import { retryJob } from '../../../../../../lib/commands/retry-job';
import { findJob } from '../../../../../../lib/store/job-views';
import { answer, found, route } from '../../../../_http/api-route';

export const POST = route<{ jobId: string }>('write', async ({ params }) => {
  await retryJob(params.jobId);
  return answer(found(await findJob(params.jobId), 'job'), { status: 202 });
});
