import { checkDatabase } from '../../../../lib/store/health-views';
import manifest from '../../../../package.json';
import { answer, route } from '../../_http/api-route';

/** For whoever watches the process: it answers, and so does its database. Tells a stranger no more than the version. */
export const GET = route('none', async () => {
  await checkDatabase();
  return answer({ status: 'ok', version: manifest.version });
});
