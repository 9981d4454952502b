import { createJob } from '../../../../lib/commands/create-job';
import { newConversionSchema } from '../../../../lib/domain/conversion-spec';
import { findJob, listJobs } from '../../../../lib/store/job-views';
import { answer, found, route } from '../../_http/api-route';
import { readBody, readQuery } from '../../_http/read-input';
import { jobListQuerySchema } from '../../_openapi/input-schemas';

export const GET = route('read', async ({ query }) => answer(await listJobs(readQuery(query, jobListQuerySchema))));

export const POST = route('write', async ({ request }) => {
  const { jobId } = await createJob(await readBody(request, newConversionSchema));
  return answer(found(await findJob(jobId), 'job'), { status: 201, headers: { location: `/api/v1/jobs/${jobId}` } });
});
