import { findJobSummary } from '../../../../../../lib/store/job-views';
import { listSamples } from '../../../../../../lib/store/sample-views';
import { answer, found, route } from '../../../../_http/api-route';
import { readQuery } from '../../../../_http/read-input';
import { samplesQuerySchema } from '../../../../_openapi/input-schemas';

export const GET = route<{ jobId: string }>('read', async ({ params, query }) => {
  const range = readQuery(query, samplesQuerySchema);
  found(await findJobSummary(params.jobId), 'job');
  return answer({ samples: await listSamples(params.jobId, range) });
});
