import { requestBringHome } from '../../../../../../lib/commands/request-bring-home';
import { findArtifact } from '../../../../../../lib/store/artifact-views';
import { answer, found, route } from '../../../../_http/api-route';

/** Asks for the copy and answers at once; `bringHomeState` of the artifact tells how far it is. */
export const POST = route<{ artifactId: string }>('write', async ({ params }) => {
  await requestBringHome(params.artifactId);
  return answer(found(await findArtifact(params.artifactId), 'artifact'), { status: 202 });
});
