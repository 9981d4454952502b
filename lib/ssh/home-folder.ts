import { FailureError } from '../domain/failure';
import type { CommandRunner } from './command-runner';
import { addressOf } from './host-endpoint';
import { lastLines } from './printable-text';

/** The account's home folder, absolute, as the host's own `cd` finds it. Throws `host-unsupported` when there is none. */
export async function homeFolderOf(runner: CommandRunner, signal?: AbortSignal): Promise<string> {
  const answer = await runner.exec('cd && printf %s "$PWD"', signal ? { signal } : {});
  const home = answer.stdout;
  if (answer.exitCode === 0 && /^\/[^\0\r\n]{0,4000}$/.test(home)) return home === '/' ? '' : home.replace(/\/+$/, '');
  const { endpoint } = runner.connection;
  throw new FailureError('host-unsupported', `"${endpoint.user}" at ${addressOf(endpoint)} has no home folder.`, {
    remedy: 'Quantdeck keeps its files in the home folder of the account: create it, or use another account.',
    evidence: lastLines(answer.stderr, 3),
  });
}
