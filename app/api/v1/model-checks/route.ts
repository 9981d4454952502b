import { createModelCheck } from '../../../../lib/commands/create-model-check';
import { modelCheckRequestSchema } from '../../../../lib/domain/model-check';
import { listModelChecks } from '../../../../lib/store/model-check-views';
import { answer, found, route } from '../../_http/api-route';
import { endedCheck } from '../../_http/ended-check';
import { modelCheckAnswer, readPerspective } from '../../_http/model-check-answer';
import { readBody, readQuery } from '../../_http/read-input';
import { modelCheckListQuerySchema } from '../../_openapi/input-schemas';

export const GET = route('read', async ({ query }) => {
  const { limit } = readQuery(query, modelCheckListQuerySchema);
  const perspective = await readPerspective(query);
  const checks = await listModelChecks(limit);
  return answer({ modelChecks: checks.map((check) => modelCheckAnswer(check, perspective)) });
});

/** Most checks end within seconds, so the answer waits for the end; one that takes longer is asked for by its id. */
export const POST = route('write', async ({ request, query }) => {
  const perspective = await readPerspective(query);
  const { checkId } = await createModelCheck(await readBody(request, modelCheckRequestSchema));
  const check = found(await endedCheck(checkId, request.signal), 'model check');
  const headers = { location: `/api/v1/model-checks/${checkId}` };
  return answer(modelCheckAnswer(check, perspective), { status: 201, headers });
});
