import { deleteJob } from '../../../../../lib/commands/delete-job';
import { findJob } from '../../../../../lib/store/job-views';
import { answer, found, noContent, route } from '../../../_http/api-route';

export const GET = route<{ jobId: string }>('read', async ({ params }) =>
  answer(found(await findJob(params.jobId), 'job')),
);

export const DELETE = route<{ jobId: string }>('write', async ({ params }) => {
  await deleteJob(params.jobId);
  return noContent();
});
