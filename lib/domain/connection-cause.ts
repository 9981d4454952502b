import type {
  CommandSeen,
  ConnectionCause,
  ConnectionLayer,
  ConnectionObservation,
  ConnectionSeen,
  RentalContext,
} from './connection-report';
import { ignoredKeysLines } from './container-log';
import type { Failure } from './failure';
import { describeKeyText, isSamePublicKey } from './key-text';

type Stopped = NonNullable<ConnectionObservation['stopped']>;

/** Why it stopped where it did. What a rental service knows better wins over what the line alone shows. */
export function connectionCause(
  stopped: Stopped,
  { seen, target }: ConnectionObservation,
  rental: RentalContext | null,
): ConnectionCause {
  const cause = CAUSE_AT[stopped.layer](stopped, seen, target.auth);
  if (rental === null) return cause;
  const isElsewhere =
    rental.endpoints !== null &&
    rental.endpoints.length > 0 &&
    !rental.endpoints.some(({ host, port }) => host === target.host && port === target.port);
  if (isElsewhere && MEANS_ANOTHER_PLACE.has(stopped.layer)) return 'endpoint-moved';
  return cause === 'key-refused' || cause === 'rsa-refused' ? refusedByRental(cause, seen, rental) : cause;
}

const MEANS_ANOTHER_PLACE = new Set<ConnectionLayer>(['name', 'tcp', 'greeting', 'host-key', 'login']);

function refusedByRental(
  cause: ConnectionCause,
  { publicKey }: ConnectionSeen,
  { keys, log }: RentalContext,
): ConnectionCause {
  const refused = ignoredKeysLines(log ?? []).length > 0 ? 'key-list-ignored' : cause;
  if (keys === null || publicKey === null) return refused;
  if (keys.some((key) => isSamePublicKey(key, publicKey))) return refused;
  return keys.some((key) => describeKeyText(key) === 'path') ? 'key-path-registered' : 'key-not-attached';
}

const CAUSE_AT: Readonly<
  Record<ConnectionLayer, (stopped: Stopped, seen: ConnectionSeen, auth: 'key' | 'password') => ConnectionCause>
> = {
  'own-key': ({ failure }, seen) => keyCause(failure, seen),
  name: ({ errorCode }) => (errorCode === 'ENOTFOUND' ? 'name-unknown' : 'name-service-down'),
  tcp: ({ failure }) => {
    if (failure.code === 'host-refused') return 'port-refused';
    return failure.code === 'host-timeout' ? 'no-answer' : 'no-route';
  },
  greeting: ({ failure }, { greeting }) => greetingCause(failure, greeting),
  'host-key': ({ failure }) => exchangeCause(failure),
  login: ({ failure }, seen, auth) => loginCause(failure, seen, auth),
  command: ({ failure }, { command }) => commandCause(failure, command),
  files: ({ failure }, { command }) => {
    if (failure.code !== 'sftp-unavailable') return cutCause(failure);
    return command !== null && command.before.length > 0 ? 'shell-noise' : 'no-sftp';
  },
  host: ({ failure }) => (cutCause(failure) === 'unexplained' ? 'host-unusable' : cutCause(failure)),
};

const UNREADABLE: Partial<Record<string, ConnectionCause>> = {
  path: 'key-is-path',
  public: 'key-is-public-half',
  putty: 'key-wrong-format',
  pkcs8: 'key-wrong-format',
  unknown: 'key-wrong-format',
};

function keyCause(failure: Failure, seen: ConnectionSeen): ConnectionCause {
  if (failure.code === 'ssh-key-passphrase') {
    return seen.hasPassphrase ? 'key-passphrase-wrong' : 'key-passphrase-missing';
  }
  return failure.code === 'ssh-key-invalid' ? (UNREADABLE[seen.keyText ?? ''] ?? 'key-damaged') : 'unexplained';
}

function greetingCause(failure: Failure, greeting: string): ConnectionCause {
  // What OpenSSH says instead of its name when it has too many guests, or has had enough of this one.
  if (/^(Exceeded MaxStartups|Not allowed at this time)/.test(greeting)) return 'throttled';
  if (greeting !== '') return 'not-ssh';
  return failure.code === 'host-timeout' ? 'silent' : 'hung-up';
}

function exchangeCause(failure: Failure): ConnectionCause {
  if (failure.code === 'host-key-changed') return 'host-key-changed';
  if (failure.code === 'host-timeout') return 'stopped-answering';
  return failure.evidence.some((line) => /no matching/i.test(line)) ? 'no-common-algorithm' : 'key-exchange-broken';
}

function loginCause(failure: Failure, seen: ConnectionSeen, auth: 'key' | 'password'): ConnectionCause {
  if (failure.code !== 'ssh-auth-refused') return cutCause(failure);
  if (seen.isPartlyIn) return 'second-factor';
  const { methods } = seen;
  if (auth === 'password') {
    const takesPassword = methods === null || methods.includes('password') || methods.includes('keyboard-interactive');
    return takesPassword ? 'password-refused' : 'passwords-not-accepted';
  }
  if (methods !== null && !methods.includes('publickey')) return 'keys-not-accepted';
  // OpenSSH refuses a key that it does not know and one of a kind that it does not take in the same words.
  return seen.keyType === 'ssh-rsa' ? 'rsa-refused' : 'key-refused';
}

/** What tmux says when it is started where there is no terminal, and what the hook of rented machines makes of it. */
const TMUX =
  /\btmux\b|^no sessions?\b|open terminal failed|not a terminal|sessions should be nested|^\[(exited|detached)/i;

function commandCause(failure: Failure, command: CommandSeen | null): ConnectionCause {
  if (command === null) return failure.code === 'ssh-protocol' ? 'commands-not-allowed' : cutCause(failure);
  const lines = [...command.before, ...command.errors];
  if (command.hasAnswer) return 'shell-noise';
  if (lines.some((line) => TMUX.test(line))) return 'tmux-hook';
  if (lines.some((line) => /allows sftp connections only/i.test(line))) return 'commands-not-allowed';
  if (!command.isInTime) return 'command-hangs';
  return command.exitCode === 0 && command.before.length > 0 ? 'command-replaced' : 'shell-ended';
}

function cutCause(failure: Failure): ConnectionCause {
  if (failure.code === 'host-timeout') return 'stopped-answering';
  const isCut = failure.code === 'host-lost' || failure.code === 'ssh-protocol';
  return isCut ? 'connection-lost' : 'unexplained';
}
