import { answer, route } from '../../_http/api-route';
import { buildOpenApi } from '../../_openapi/build-openapi';

export const GET = route('none', async () => answer(buildOpenApi()));
