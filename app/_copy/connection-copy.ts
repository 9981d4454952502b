import type { ConnectionCause, ConnectionFix, ConnectionLayer, LayerReport } from '../../lib/domain/connection-report';
import type { Tone } from '../_ui/badge';

/** What each layer is about, in the words of somebody who never heard of it. */
export const LAYER_TITLE = {
  'own-key': 'Our key or password',
  name: 'Name of the host',
  tcp: 'A connection to the port',
  greeting: 'An SSH server answers',
  'host-key': 'It is the machine we know',
  login: 'It lets us in',
  command: 'Commands run and answer',
  files: 'Files can be transferred',
  host: 'The system can be worked on',
} as const satisfies Record<ConnectionLayer, string>;

export type LayerState = LayerReport['state'] | 'running';

export const LAYER_STATE = {
  ok: { word: 'passed', tone: 'ok' },
  warned: { word: 'passed, with a remark', tone: 'warn' },
  failed: { word: 'failed', tone: 'bad' },
  'not-reached': { word: 'not reached', tone: 'quiet' },
  running: { word: 'being tested', tone: 'accent' },
} as const satisfies Record<LayerState, { word: string; tone: Tone }>;

/** The title of each cause, at most eight words. */
const CAUSE_TITLE = {
  'key-is-path': 'A file name is stored as the key',
  'key-is-public-half': 'The public half is stored as the key',
  'key-wrong-format': 'The private key has an unusable form',
  'key-damaged': 'The private key is damaged',
  'key-passphrase-missing': 'The private key needs its passphrase',
  'key-passphrase-wrong': 'The passphrase does not fit the key',
  'name-unknown': 'The host name is not known',
  'name-service-down': 'The host name could not be looked up',
  'port-refused': 'The host refused the connection',
  'no-answer': 'The host does not answer',
  'no-route': 'There is no way to the host',
  'endpoint-moved': 'The instance has moved',
  silent: 'The port answers and says nothing',
  'hung-up': 'The host hangs up at once',
  throttled: 'The host takes no logins for now',
  'not-ssh': 'This port is not SSH',
  'host-key-changed': 'The host shows another key than before',
  'no-common-algorithm': 'The SSH server is too old or too strict',
  'key-exchange-broken': 'The conversation broke off before the login',
  'key-refused': 'The host refused our key',
  'key-not-attached': 'Our key is not on the instance',
  'key-list-ignored': 'The host ignores its list of keys',
  'key-path-registered': 'A file name is registered as the key',
  'rsa-refused': 'The host refused our RSA key',
  'keys-not-accepted': 'The host takes no keys',
  'password-refused': 'The host refused the password',
  'passwords-not-accepted': 'The host takes no passwords',
  'second-factor': 'The host asks for a second proof',
  'commands-not-allowed': 'The account may not run commands',
  'tmux-hook': 'tmux swallows our commands',
  'shell-ended': 'The login shell ends too early',
  'command-replaced': 'The host runs something else',
  'command-hangs': 'The host takes commands and hangs',
  'shell-noise': 'The host prints text into answers',
  'no-sftp': 'The host offers no file transfer (SFTP)',
  'host-unusable': 'The host cannot be worked on',
  'connection-lost': 'The connection was cut',
  'stopped-answering': 'The host stopped answering',
  unexplained: 'The connection does not work',
} as const satisfies Record<ConnectionCause, string>;

/** The title of a cause; one of a newer server than this page is shown as it is. */
export function causeTitle(cause: ConnectionCause): string {
  return CAUSE_TITLE[cause] ?? cause;
}

/** What the button of a fix says, and what is said of one that was tried. */
export const FIX_WORDS = {
  'trust-host-key': { button: 'Trust the new key', pending: 'Trusting…', done: 'The new key was trusted' },
  'attach-key': { button: 'Attach our key', pending: 'Attaching…', done: 'The key was attached' },
  'follow-endpoint': { button: 'Take the new address', pending: 'Looking…', done: 'The new address was taken' },
  'switch-off-tmux': { button: 'Switch tmux off', pending: 'Switching off…', done: 'tmux was switched off' },
  'use-own-key': { button: 'Use Quantdeck’s own key', pending: 'Testing…', done: 'Quantdeck’s own key is used' },
  'use-command': { button: 'Use this address', pending: 'Testing…', done: 'The address was changed' },
} as const satisfies Record<ConnectionFix, { button: string; pending: string; done: string }>;
