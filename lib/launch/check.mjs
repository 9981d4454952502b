// `npm run check`: types, lint, boundaries, dead code, schema, lockfile and the fast tests, in under a minute.
import { runChecks } from './run-checks.mjs';
import { launch } from './say.mjs';
import { setUp } from './set-up.mjs';

await launch(async () => {
  await setUp({ build: false });
  const { failed } = await runChecks();
  return failed === 0 ? 0 : 1;
});
