import { answerModelCheck } from '../../../../../../lib/commands/answer-model-check';
import { modelCheckAnswersSchema } from '../../../../../../lib/domain/model-check';
import { answer, found, route } from '../../../../_http/api-route';
import { endedCheck } from '../../../../_http/ended-check';
import { modelCheckAnswer, readPerspective } from '../../../../_http/model-check-answer';
import { readBody } from '../../../../_http/read-input';

/** The checkpoint is looked at again with the answers, at the commit that it was looked at before. */
export const POST = route<{ checkId: string }>('write', async ({ request, params, query }) => {
  const perspective = await readPerspective(query);
  const { answers } = await readBody(request, modelCheckAnswersSchema);
  await answerModelCheck(params.checkId, answers);
  const check = found(await endedCheck(params.checkId, request.signal), 'model check');
  return answer(modelCheckAnswer(check, perspective));
});
