import { setTimeout as sleep } from 'node:timers/promises';
import { createModelCheck } from '../../../../lib/commands/create-model-check';
import { type ModelCheckView, modelCheckRequestSchema } from '../../../../lib/domain/model-check';
import { findModelCheck, listModelChecks } from '../../../../lib/store/model-check-views';
import { answer, found, route } from '../../_http/api-route';
import { modelCheckAnswer } from '../../_http/model-check-answer';
import { readBody, readQuery } from '../../_http/read-input';
import { modelCheckListQuerySchema } from '../../_openapi/input-schemas';

const WAIT_MS = 25_000;
const LOOK_EVERY_MS = 100;

export const GET = route('read', async ({ query }) => {
  const { limit } = readQuery(query, modelCheckListQuerySchema);
  return answer({ modelChecks: (await listModelChecks(limit)).map(modelCheckAnswer) });
});

/** Most checks end within seconds, so the answer waits for the end; one that takes longer is asked for by its id. */
export const POST = route('write', async ({ request }) => {
  const { checkId } = await createModelCheck(await readBody(request, modelCheckRequestSchema));
  const check = found(await endOf(checkId, request.signal), 'model check');
  return answer(modelCheckAnswer(check), { status: 201, headers: { location: `/api/v1/model-checks/${checkId}` } });
});

/** The check once it has ended, or as it stands when the patience of a request is over. */
async function endOf(checkId: string, signal: AbortSignal): Promise<ModelCheckView | null> {
  const deadlineMs = performance.now() + WAIT_MS;
  for (;;) {
    const check = await findModelCheck(checkId);
    const isOver = check === null || check.finishedAt !== null;
    if (isOver || signal.aborted || performance.now() > deadlineMs) return check;
    await sleep(LOOK_EVERY_MS);
  }
}
