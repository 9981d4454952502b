import { listArtifacts } from '../../../../lib/store/artifact-views';
import { answer, route } from '../../_http/api-route';
import { readQuery } from '../../_http/read-input';
import { artifactListQuerySchema } from '../../_openapi/input-schemas';

export const GET = route('read', async ({ query }) =>
  answer(await listArtifacts(readQuery(query, artifactListQuerySchema))),
);
