// `npm run dev`: the dashboard with reloading; an edit of the server restarts it, an edit of a page does not.
import { packageProgram } from './run-program.mjs';
import { runInForeground } from './run-server.mjs';
import { launch } from './say.mjs';
import { setUp } from './set-up.mjs';

await launch(async () => {
  await setUp({ build: false });
  return runInForeground([packageProgram('tsx'), 'watch', '--clear-screen=false', 'lib/server/main.ts', '--dev']);
});
