import { parseArgs } from 'node:util';
import { listenAdmin } from './fake-admin';
import { canRunContainers } from './fake-container';
import { urlOf } from './fake-http';
import { closeServer, startFakeVast } from './fake-vast';

// `npm run fake-vast`: a vast.ai for trying things, until Ctrl-C. What was rented there ends with it.
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    speed: { type: 'string', default: '5' },
    credit: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const port = Number(values.port);
const fake = await startFakeVast({
  port,
  speed: Number(values.speed),
  creditUsd: Number(values.credit),
  seed: Number(values.seed),
  ssh: canRunContainers,
});
const admin = await listenAdmin(fake, port === 0 ? 0 : port + 1);

const lines = [
  `A fake vast.ai with ${fake.world.offers.length} offers and $${values.credit} of credit; its time runs ${values.speed} times as fast.`,
  '',
  `  VAST_URL=${fake.url}`,
  `  key      ${fake.key}`,
  '',
  canRunContainers
    ? 'Machines are real SSH servers on this machine, under your own account.'
    : 'openssh-server is not installed here, so machines only look as if they ran: nothing answers by SSH.',
  `What can be made to go wrong: ${urlOf(admin)}`,
  'Ctrl-C ends it and every machine.',
];
process.stdout.write(`${lines.join('\n')}\n`);

let isEnding = false;
async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await closeServer(admin);
  await fake.close();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
