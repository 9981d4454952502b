import * as z from 'zod';
import { createJob } from '../../../../lib/commands/create-job';
import { rentForCheck } from '../../../../lib/commands/rent-for-check';
import { newConversionSchema } from '../../../../lib/domain/conversion-spec';
import { rentedConversionSchema } from '../../../../lib/domain/rented-conversion';
import { findJob, listJobs } from '../../../../lib/store/job-views';
import { answer, found, route } from '../../_http/api-route';
import { checkInput, readBody, readQuery } from '../../_http/read-input';
import { jobListQuerySchema } from '../../_openapi/input-schemas';

export const GET = route('read', async ({ query }) => answer(await listJobs(readQuery(query, jobListQuerySchema))));

/** On an instance that is there, or with `rental` on one that is rented for the job. */
export const POST = route('write', async ({ request }) => {
  const body = await readBody(request, z.looseObject({}));
  // Judged by the one schema that is meant, so that each wrong field is named.
  const { jobId } =
    'rental' in body
      ? await rentForCheck(checkInput(body, rentedConversionSchema))
      : await createJob(checkInput(body, newConversionSchema));
  return answer(found(await findJob(jobId), 'job'), { status: 201, headers: { location: `/api/v1/jobs/${jobId}` } });
});
