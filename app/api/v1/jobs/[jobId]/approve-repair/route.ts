import { approveRepair } from '../../../../../../lib/commands/approve-repair';
import { findJob } from '../../../../../../lib/store/job-views';
import { answer, found, route } from '../../../../_http/api-route';
import { readOptionalBody } from '../../../../_http/read-input';
import { approveRepairSchema } from '../../../../_openapi/input-schemas';

/** Approves the proposed changes to config.json, or those in the body, with answers to open questions, and continues the job with them. */
export const POST = route<{ jobId: string }>('write', async ({ request, params }) => {
  await approveRepair(params.jobId, await readOptionalBody(request, approveRepairSchema));
  return answer(found(await findJob(params.jobId), 'job'), { status: 202 });
});
