import { chooseStray, strayChoiceSchema } from '../../../../../../lib/commands/choose-stray';
import { listStrays } from '../../../../../../lib/store/rental-views';
import { answer, route } from '../../../../_http/api-route';
import { readBody } from '../../../../_http/read-input';

export const POST = route<{ serviceId: string }>('write', async ({ request, params }) => {
  await chooseStray(params.serviceId, await readBody(request, strayChoiceSchema));
  return answer({ strays: await listStrays() }, { status: 202 });
});
