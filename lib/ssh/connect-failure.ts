import { FailureError } from '../domain/failure';
import { addressOf, type HostEndpoint } from './host-endpoint';
import { printable } from './printable-text';

/** What is known about a connection when it fails, so that the message can name the cause and not only the symptom. */
export interface ConnectProgress {
  /** TCP was established. */
  isConnected: boolean;
  /** The first bytes the other side sent, empty when it said nothing. */
  greeting: string;
  /** What the server lets us try, as it says after a refusal; null before. */
  methodsLeft: readonly string[] | null;
  /** Type of the private key in use (`ssh-ed25519`, `ssh-rsa`), null with a password. */
  keyType: string | null;
}

const SOCKET_FAILURES: Record<string, (endpoint: HostEndpoint, cause: unknown) => FailureError> = {
  ENOTFOUND: unknownName,
  EAI_AGAIN: nameServiceDown,
  ECONNREFUSED: refused,
  ETIMEDOUT: noAnswer,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EADDRNOTAVAIL: unreachable,
  EHOSTDOWN: unreachable,
};

/** Turns any error of a connection attempt into one of our failures. */
export function connectFailure(error: unknown, endpoint: HostEndpoint, progress: ConnectProgress): FailureError {
  if (error instanceof FailureError) return error;
  const { code, level, message } = describe(error);
  const bySocket = SOCKET_FAILURES[code];
  if (bySocket && !progress.isConnected) return bySocket(endpoint, error);
  if (level === 'client-authentication') return authRefused(endpoint, progress, error);
  if (level === 'client-timeout') return timedOut(endpoint, progress, error);
  return notSpoken(endpoint, progress, message, error);
}

function describe(error: unknown): { code: string; level: string; message: string } {
  const record = typeof error === 'object' && error !== null ? error : {};
  const text = (name: string) => {
    const value: unknown = Reflect.get(record, name);
    return typeof value === 'string' ? value : '';
  };
  return { code: text('code'), level: text('level'), message: text('message') || String(error) };
}

/** No answer in time: either nothing came at all, or the connection stands and the other side is silent. */
export function timedOut(endpoint: HostEndpoint, progress: ConnectProgress, cause?: unknown): FailureError {
  if (!progress.isConnected) return noAnswer(endpoint, cause);
  const heard = progress.greeting === '' ? 'then said nothing' : 'then stopped answering';
  return new FailureError('host-timeout', `${addressOf(endpoint)} accepted the connection and ${heard}.`, {
    remedy:
      'The instance may still be starting, be out of memory, or a proxy answers for it. Wait a minute and try again; if it stays, restart the instance.',
    evidence: progress.greeting === '' ? [] : [`it said: ${progress.greeting}`],
    isTransient: true,
    cause,
  });
}

function unknownName(endpoint: HostEndpoint, cause: unknown): FailureError {
  return new FailureError('host-dns', `There is no host named "${endpoint.host}".`, {
    remedy: 'Check the spelling of the address, or paste the ssh command of the rental page again.',
    cause,
  });
}

function nameServiceDown(endpoint: HostEndpoint, cause: unknown): FailureError {
  return new FailureError(
    'host-dns',
    `The address of "${endpoint.host}" could not be looked up: the name service did not answer.`,
    {
      remedy: 'Check the internet connection of this computer, or use the IP address instead of the name.',
      isTransient: true,
      cause,
    },
  );
}

function refused(endpoint: HostEndpoint, cause: unknown): FailureError {
  return new FailureError(
    'host-refused',
    `${addressOf(endpoint)} refused the connection: nothing listens on port ${endpoint.port} there.`,
    {
      remedy:
        'Either the instance is not running (or still starting), or its port has changed: rented machines get a new port when they restart. Compare with the ssh command on the rental page.',
      isTransient: true,
      cause,
    },
  );
}

function noAnswer(endpoint: HostEndpoint, cause: unknown): FailureError {
  return new FailureError('host-timeout', `${addressOf(endpoint)} did not answer within 15 seconds.`, {
    remedy:
      'The machine is off, the address is wrong, or a firewall drops the packets. Check that the instance runs and that the port is open.',
    isTransient: true,
    cause,
  });
}

function unreachable(endpoint: HostEndpoint, cause: unknown): FailureError {
  return new FailureError('host-unreachable', `There is no way through the network to ${addressOf(endpoint)}.`, {
    remedy: 'Check the internet connection of this computer, a VPN that may be needed, and the address.',
    isTransient: true,
    cause,
  });
}

function authRefused(endpoint: HostEndpoint, progress: ConnectProgress, cause: unknown): FailureError {
  const methods = progress.methodsLeft ?? [];
  const { message, remedy } =
    endpoint.auth.kind === 'key' ? keyWords(endpoint, progress, methods) : passwordWords(endpoint, methods);
  const evidence =
    methods.length > 0 ? [`the host accepts: ${methods.map((method) => printable(method, 40)).join(', ')}`] : [];
  return new FailureError('ssh-auth-refused', message, { remedy, evidence, cause });
}

function keyWords(endpoint: HostEndpoint, progress: ConnectProgress, methods: readonly string[]) {
  const who = `"${endpoint.user}" at ${addressOf(endpoint)}`;
  if (methods.length > 0 && !methods.includes('publickey')) {
    return {
      message: `${who} does not accept keys at all.`,
      remedy: 'Use the password of that account, or allow keys on the host (PubkeyAuthentication in sshd_config).',
    };
  }
  const rsa =
    progress.keyType === 'ssh-rsa'
      ? ' The key is an RSA key: hosts with old servers accept it only in a form that is no longer safe, so prefer an ED25519 key.'
      : '';
  return {
    message: `${who} did not accept the key.${rsa}`,
    remedy: `Copy the public key shown with the instance into ~/.ssh/authorized_keys of "${endpoint.user}" on the host (or into the keys of the rental page, then restart the instance), and check the user name.`,
  };
}

function passwordWords(endpoint: HostEndpoint, methods: readonly string[]) {
  const who = `"${endpoint.user}" at ${addressOf(endpoint)}`;
  const takesPassword =
    methods.length === 0 || methods.includes('password') || methods.includes('keyboard-interactive');
  if (takesPassword) {
    return {
      message: `${who} did not accept the password.`,
      remedy: 'Check user name and password. Many hosts refuse a password for root: use a key there.',
    };
  }
  return {
    message: `${who} does not accept passwords.`,
    remedy: `Choose "key" for this instance and copy the public key into ~/.ssh/authorized_keys of "${endpoint.user}" on the host.`,
  };
}

function notSpoken(endpoint: HostEndpoint, progress: ConnectProgress, message: string, cause: unknown): FailureError {
  const said = progress.greeting;
  const isSsh = said.startsWith('SSH-');
  const what = isSsh
    ? 'speaks SSH, but the two sides could not agree'
    : said === ''
      ? 'closed the connection before saying anything'
      : 'answers, but not with SSH';
  return new FailureError('ssh-protocol', `${addressOf(endpoint)} ${what}.`, {
    remedy: isSsh
      ? 'Its SSH server may be very old, or something between changes the traffic. Update openssh-server on the host.'
      : said === ''
        ? 'Its SSH server may be starting, be overloaded, or have banned this address after failed logins. Wait a few minutes and try again.'
        : 'The port belongs to another service. Look for the SSH port on the rental page.',
    evidence: [...(said === '' ? [] : [`it said: ${said}`]), printable(message, 200)],
    isTransient: said === '' || isSsh,
    cause,
  });
}
