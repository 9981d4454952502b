import { startEmbeddedServer } from '../../lib/ssh/embedded-server';
import { openHostSession } from '../../lib/ssh/host-session';
import { endpointOf } from './ssh-embedded-host';

/** A process with a server of this machine that starts an attempt, says so and waits to be killed. */
const [homeFolder, attemptId] = process.argv.slice(2);
if (homeFolder === undefined || attemptId === undefined) throw new Error('usage: HOME_FOLDER ATTEMPT_ID');
const server = await startEmbeddedServer({ homeFolder });
const session = await openHostSession(endpointOf(server), { pinned: server.hostKeyFingerprint });
const script = 'i=0; while [ $i -lt 8 ]; do echo $i; sleep 0.15; i=$((i+1)); done; exit 5';
await session.startAttempt({ attemptId, script, environment: {} });
process.stdout.write('started\n');
// A connection that follows the log and a plain command are under way when the kill comes.
await Promise.all([
  session.exec('sleep 30', { timeoutMs: 60_000 }),
  session.followAttempt(attemptId, 0, () => undefined, new AbortController().signal),
]);
