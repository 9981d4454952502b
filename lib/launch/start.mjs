// `npm start`: sets up what is missing, then runs the dashboard until it is stopped.
import { runInForeground } from './run-server.mjs';
import { launch } from './say.mjs';
import { setUp } from './set-up.mjs';

await launch(async () => {
  await setUp({ build: true });
  return runInForeground(['--enable-source-maps', 'dist/server.mjs']);
});
