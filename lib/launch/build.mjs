// `npm run build`: sets up what is missing and builds; does nothing when nothing changed.
import { launch, say } from './say.mjs';
import { setUp } from './set-up.mjs';

await launch(async () => {
  await setUp({ build: true });
  say('Everything is built. `npm start` runs it.');
});
