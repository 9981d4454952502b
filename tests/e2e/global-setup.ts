import { existsSync } from 'node:fs';
import path from 'node:path';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';

/** Makes what every test stands on, so that no test's own time is spent on it. */
export default async function globalSetup(): Promise<void> {
  for (const built of ['.next/BUILD_ID', 'dist/server.mjs']) {
    if (!existsSync(path.resolve(import.meta.dirname, '../..', built))) {
      throw new Error(`${built} is missing: run \`npm run build\` first (\`npm test\` does it by itself)`);
    }
  }
  await tinyCheckpoint();
}
