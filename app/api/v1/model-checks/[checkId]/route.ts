import { findModelCheck } from '../../../../../lib/store/model-check-views';
import { answer, found, route } from '../../../_http/api-route';
import { modelCheckAnswer, readPerspective } from '../../../_http/model-check-answer';

export const GET = route<{ checkId: string }>('read', async ({ params, query }) => {
  const perspective = await readPerspective(query);
  return answer(modelCheckAnswer(found(await findModelCheck(params.checkId), 'model check'), perspective));
});
