import { retryJob } from '../../../../../../lib/commands/retry-job';
import { findJob } from '../../../../../../lib/store/job-views';
import { answer, found, route } from '../../../../_http/api-route';
import { readOptionalBody } from '../../../../_http/read-input';
import { retrySchema } from '../../../../_openapi/input-schemas';

export const POST = route<{ jobId: string }>('write', async ({ request, params }) => {
  const { from } = await readOptionalBody(request, retrySchema);
  await retryJob(params.jobId, from);
  return answer(found(await findJob(params.jobId), 'job'), { status: 202 });
});
