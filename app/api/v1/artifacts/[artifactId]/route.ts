import { findArtifact } from '../../../../../lib/store/artifact-views';
import { answer, found, route } from '../../../_http/api-route';

export const GET = route<{ artifactId: string }>('read', async ({ params }) =>
  answer(found(await findArtifact(params.artifactId), 'artifact')),
);
