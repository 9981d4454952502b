import { searchLog } from '../../../../../../../../../lib/store/log-views';
import { answer, route } from '../../../../../../../_http/api-route';
import { readQuery } from '../../../../../../../_http/read-input';
import { logSearchQuerySchema } from '../../../../../../../_openapi/input-schemas';

interface Params extends Record<string, string> {
  jobId: string;
  stepId: string;
}

export const GET = route<Params>('read', async ({ params, query }) => {
  const { q } = readQuery(query, logSearchQuerySchema);
  return answer(await searchLog(params.jobId, params.stepId, q));
});
