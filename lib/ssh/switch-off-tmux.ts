import { FailureError } from '../domain/failure';
import { newFrameMark } from './answer-frame';
import { type ConnectOptions, openConnection } from './connection';
import { addressOf, type HostEndpoint } from './host-endpoint';
import type { SshConnection } from './open-connection';
import { lastLines } from './printable-text';

/** The hook of rented machines looks for it at every login. */
const SWITCH = '.no_auto_tmux';
const PATIENCE_MS = 10_000;

/**
 * Makes the file that switches off the hook by which a rented machine puts every login, and every command with it, into
 * tmux. By file transfer, which does not pass the login shell on most of them; else typed into the terminal of tmux.
 *
 * @throws FailureError what `openConnection` throws, and `command-failed` when neither way worked.
 */
export async function switchOffTmux(endpoint: HostEndpoint, options: ConnectOptions): Promise<void> {
  const connection = await openConnection(endpoint, options);
  try {
    if (await byFileTransfer(connection)) return;
    const said = await byTyping(connection);
    if (said === null) return;
    throw new FailureError('command-failed', `~/${SWITCH} could not be made on ${addressOf(endpoint)}.`, {
      remedy: `Log in there by hand and type: touch ~/${SWITCH}`,
      evidence: lastLines(said, 5),
    });
  } finally {
    connection.close();
  }
}

function byFileTransfer({ client }: SshConnection): Promise<boolean> {
  return inTime(false, (finish) => {
    client.sftp((error, sftp) => {
      if (error) {
        finish(false);
        return;
      }
      sftp.on('error', () => finish(false));
      // Relative to the home folder; an existing file is left as it is.
      sftp.open(SWITCH, 'a', (refused, handle) => {
        if (refused) finish(false);
        else sftp.close(handle, () => finish(true));
      });
    });
  });
}

/** Null when it worked, else what the terminal said. */
function byTyping({ client }: SshConnection): Promise<string | null> {
  const mark = newFrameMark();
  const heard = { text: '' };
  const result = inTime<string | null | undefined>(undefined, (finish) => {
    client.shell({ term: 'dumb', cols: 200, rows: 24 }, (error, channel) => {
      if (error) {
        finish(error.message);
        return;
      }
      channel.on('error', () => undefined);
      channel.on('data', (chunk: Buffer) => {
        heard.text = (heard.text + chunk.toString('utf8')).slice(-4096);
        if (!heard.text.includes(mark)) return;
        channel.end('exit\n');
        finish(null);
      });
      channel.once('close', () => finish(undefined));
      // The echo of what is typed must not look like its result.
      channel.write(`touch ~/${SWITCH} && echo ${mark.slice(0, 12)}''${mark.slice(12)}\n`);
    });
  });
  return result.then((said) => (said === undefined ? heard.text : said));
}

function inTime<T>(late: T, begin: (finish: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(late), PATIENCE_MS);
    begin((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
