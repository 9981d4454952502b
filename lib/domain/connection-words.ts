import type { ConnectionCause, ConnectionFix } from './connection-report';

interface CauseWords {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  /** The most promising first. Those that need a rental service are offered for rented instances only. */
  readonly fixes?: readonly ConnectionFix[];
}

const PASTE =
  'Copy the ssh command from your provider’s page once more and paste it here; address, port and user are read from it.';
const TO_AUTHORIZED_KEYS =
  'Put the public key shown on this page, as one line, into ~/.ssh/authorized_keys of “{user}” on the host';
const OWN_KEY: readonly ConnectionFix[] = ['use-own-key'];
const PLACES: readonly ConnectionFix[] = ['follow-endpoint', 'use-command'];

/** What happened, why, and what to do, for each cause. `{user}`, `{host}`, `{port}` and `{address}` are filled in. */
export const CAUSE_WORDS = {
  'key-is-path': {
    what: 'What is stored as the private key is the name of a file, not the key inside it.',
    why: 'The path of a key file was pasted where its content belongs.',
    remedy:
      'Open that file (the one without “.pub”) in an editor, copy everything from -----BEGIN to END-----, and paste that under “Change how it is reached”, “A key of mine”.',
    fixes: OWN_KEY,
  },
  'key-is-public-half': {
    what: 'What is stored as the private key is the public half of a key.',
    why: 'The file that ends in “.pub” is for the host. Logging in takes the other one.',
    remedy: 'Paste the file without “.pub” under “Change how it is reached”, “A key of mine”.',
    fixes: OWN_KEY,
  },
  'key-wrong-format': {
    what: 'The private key has a form that cannot be used here.',
    why: 'It is in the form of PuTTY (.ppk) or PKCS#8 (“BEGIN PRIVATE KEY”), or it is no key. SSH servers’ own tools, and Quantdeck, take the OpenSSH form.',
    remedy:
      'From PuTTYgen: load the file, then Conversions, Export OpenSSH key. From PKCS#8: ssh-keygen -p -f FILE writes it anew. Then paste the result; or use Quantdeck’s own key.',
    fixes: OWN_KEY,
  },
  'key-damaged': {
    what: 'The private key is damaged or cut off.',
    why: 'A line at its end or in its middle is missing, as happens when copying from a terminal.',
    remedy: 'Copy the whole file again, from -----BEGIN to END-----, and paste it under “Change how it is reached”.',
    fixes: OWN_KEY,
  },
  'key-passphrase-missing': {
    what: 'The private key is protected by a passphrase, and none is stored.',
    why: 'Without it the key cannot be opened, so nothing was sent to the host.',
    remedy: 'Paste the key again with its passphrase under “Change how it is reached”, or use Quantdeck’s own key.',
    fixes: OWN_KEY,
  },
  'key-passphrase-wrong': {
    what: 'The stored passphrase does not open the private key.',
    why: 'It belongs to another key, or was typed wrong. Upper and lower case count.',
    remedy: 'Paste the key again with the right passphrase under “Change how it is reached”.',
    fixes: OWN_KEY,
  },
  'name-unknown': {
    what: 'There is no host named “{host}”.',
    why: 'The name is misspelt, or the machine behind it was given back and its name with it.',
    remedy: PASTE,
    fixes: PLACES,
  },
  'name-service-down': {
    what: 'The address of “{host}” could not be looked up.',
    why: 'The name service did not answer: mostly this computer has no internet connection at the moment.',
    remedy: 'Check the internet connection of the computer that Quantdeck runs on, then test again.',
  },
  'port-refused': {
    what: '{address} refused the connection: nothing listens on port {port} there.',
    why: 'The port is wrong or has changed (rented machines get a new one at every start), or the machine has not finished starting.',
    remedy: `If it has just been started, wait a minute and test again. Otherwise: ${PASTE}`,
    fixes: PLACES,
  },
  'no-answer': {
    what: '{address} does not answer at all.',
    why: 'The machine is off, the address is wrong, or a firewall throws the packets away.',
    remedy: `Look at your provider’s page whether it runs. ${PASTE}`,
    fixes: PLACES,
  },
  'no-route': {
    what: 'There is no way through the network to {address}.',
    why: 'This computer is offline, a VPN is missing, or the address belongs to a private network elsewhere.',
    remedy: 'Check the connection of the computer that Quantdeck runs on, and the address.',
    fixes: PLACES,
  },
  'endpoint-moved': {
    what: 'The instance is no longer at {address}.',
    why: 'The rental service names another address for it now. Ports, and sometimes addresses, change at every start.',
    remedy: 'Take the new address. The pinned host key stays, so no other machine can take its place.',
    fixes: ['follow-endpoint'],
  },
  silent: {
    what: '{address} accepts the connection and then says nothing.',
    why: 'A proxy answers for a machine that is not there yet, the machine is out of memory, or the port belongs to something that waits for the other side to speak.',
    remedy: `Wait a minute and test again; restart the machine if it stays. If the port may be wrong: ${PASTE}`,
    fixes: PLACES,
  },
  'hung-up': {
    what: '{address} hangs up before saying anything.',
    why: 'Its SSH server is still starting, or it (or a guard such as fail2ban) has banned this address after failed logins.',
    remedy: 'Wait a few minutes and test again. If it stays, look at the SSH server of the machine.',
    fixes: PLACES,
  },
  throttled: {
    what: 'The SSH server of {host} takes no more guests at the moment.',
    why: 'It has too many logins under way, or shuts this address out for a while after failed ones.',
    remedy: 'Wait some minutes without trying, then test again.',
  },
  'not-ssh': {
    what: 'Something answers at {address}, but it is not an SSH server.',
    why: 'The port belongs to another service, such as a web page or Jupyter.',
    remedy: PASTE,
    fixes: PLACES,
  },
  'host-key-changed': {
    what: '{address} is not the machine it was: it shows another host key.',
    why: 'Providers give address and port of a machine that is gone to the next one; a reinstalled system has a new key too. If neither happened, somebody may be in between. Nothing was sent to it.',
    remedy: 'Trust the new key only if you know of such a change. Otherwise check the address.',
    fixes: ['trust-host-key', 'use-command'],
  },
  'no-common-algorithm': {
    what: 'Quantdeck and the SSH server of {host} find no safe way to talk.',
    why: 'The server is so old, or set up so narrowly, that it offers only methods that are not used any more, or only new ones.',
    remedy: 'Update openssh-server on the host, or allow curve25519-sha256 and ssh-ed25519 in its sshd_config.',
  },
  'key-exchange-broken': {
    what: 'The conversation with {address} broke off before any login.',
    why: 'The SSH server failed while starting a session, or something on the way changes the traffic.',
    remedy: 'Test again. If it stays, look at the log of the SSH server, and try without VPN or proxy.',
  },
  'key-refused': {
    what: '“{user}” at {host} does not accept our key.',
    why: 'The key is not in authorized_keys of that user, the user name is another one, or that file may be written by others and is ignored. A rented machine may also need a moment after its start.',
    remedy: `${TO_AUTHORIZED_KEYS} (on a rental page: into its SSH keys), and check the user name. ~/.ssh must have mode 700, the file 600.`,
    fixes: ['attach-key'],
  },
  'key-not-attached': {
    what: 'Our key is not on this instance.',
    why: 'The rental service lists its keys, and ours is not among them. Keys added to an account reach only machines rented later.',
    remedy: 'Attach the key to the instance.',
    fixes: ['attach-key'],
  },
  'key-list-ignored': {
    what: 'The SSH server of {host} ignores the list that holds our key.',
    why: 'Others may write to authorized_keys there, or to a folder above it, so the server does not look into it. No other program gets in by a key either.',
    remedy:
      'Run chmod 700 ~ ~/.ssh && chmod 600 ~/.ssh/authorized_keys on it, if you can get there another way. A rented machine is quicker given back: take another one.',
  },
  'key-path-registered': {
    what: 'A file name is registered as the key of this instance, not a key.',
    why: 'The path of a key file was pasted where its content belongs. The service keeps any text, and such a one never matches.',
    remedy: 'Attach Quantdeck’s key to the instance. The useless entry can be removed on the page of the service.',
    fixes: ['attach-key'],
  },
  'rsa-refused': {
    what: '“{user}” at {host} does not accept our key, which is an RSA key.',
    why: 'It is not in authorized_keys of that user, or the server takes no RSA keys: it refuses both in the same words.',
    remedy:
      'Use Quantdeck’s own key: it is an ED25519 key, which every current server accepts. Then put its public half, shown on this page, where this one is.',
    fixes: ['use-own-key', 'attach-key'],
  },
  'keys-not-accepted': {
    what: '“{user}” at {host} can log in, but not with a key.',
    why: 'The SSH server does not offer login by key for this user.',
    remedy: 'Enter the password under “Change how it is reached”, or set PubkeyAuthentication yes in sshd_config.',
  },
  'password-refused': {
    what: '“{user}” at {host} did not accept the password.',
    why: 'User name or password is wrong, or the server refuses passwords for this user: many do for root.',
    remedy: 'Check both; for root use a key.',
  },
  'passwords-not-accepted': {
    what: '“{user}” at {host} can log in, but not with a password.',
    why: 'The SSH server takes keys only, as rented machines do.',
    remedy: `Use Quantdeck’s own key, and: ${TO_AUTHORIZED_KEYS}.`,
    fixes: OWN_KEY,
  },
  'second-factor': {
    what: 'The host took our key or password and asks for one thing more.',
    why: 'Its SSH server wants two proofs, such as a code. Quantdeck works while nobody is there to type one.',
    remedy: 'Allow login by key alone for this user, with AuthenticationMethods publickey in a Match block.',
  },
  'commands-not-allowed': {
    what: '“{user}” at {host} may log in, but not run commands.',
    why: 'The account is limited to file transfer, or the host is out of processes or sessions.',
    remedy: 'Use an account with a shell, or take ForceCommand and ChrootDirectory away for this one.',
  },
  'tmux-hook': {
    what: 'The host puts every login into tmux, and our commands are lost there.',
    why: 'Machines of vast.ai start tmux from ~/.bashrc, for commands as well as for people, until the file ~/.no_auto_tmux exists.',
    remedy: 'Switch it off. This makes that one empty file; delete it to have tmux back.',
    fixes: ['switch-off-tmux'],
  },
  'shell-ended': {
    what: 'The login shell of “{user}” ended before it ran our command.',
    why: 'There is an “exit” in ~/.bashrc, ~/.profile or ~/.ssh/rc, or the account’s shell is missing or is nologin.',
    remedy: 'Look at the lines below. Remove the exit for non-interactive shells, or give the account a shell.',
  },
  'command-replaced': {
    what: 'The host ran something else in place of our command.',
    why: 'authorized_keys (command="…") or ForceCommand in sshd_config fixes what this key may run, or ~/.bashrc prints something and exits.',
    remedy: 'Use a key without such a limit, or remove it.',
  },
  'command-hangs': {
    what: 'The host takes our command and does not come back.',
    why: 'The login shell waits for an answer (a menu, a question in ~/.bashrc), or the host is overloaded.',
    remedy: 'Make ~/.bashrc and ~/.profile ask nothing when there is no terminal, and look at the load of the host.',
  },
  'shell-noise': {
    what: 'The host prints text of its own into the answers of commands.',
    why: 'A line in ~/.bashrc or the like prints something for every login, also where no person reads it.',
    remedy:
      'Put such lines of ~/.bashrc behind this one, which leaves when nobody types: case $- in *i*) ;; *) return ;; esac',
  },
  'no-sftp': {
    what: 'The host runs commands but offers no file transfer (SFTP).',
    why: 'Its SSH server has no sftp subsystem, or the program for it is not installed.',
    remedy:
      'Install openssh-sftp-server, or set “Subsystem sftp internal-sftp” in /etc/ssh/sshd_config and restart the SSH server.',
  },
  'host-unusable': {
    what: 'The way is free, but the host cannot be worked on.',
    why: 'Quantdeck needs Linux or macOS, a home folder it can write to, and the usual tools of a shell.',
    remedy: 'The lines below say what is missing.',
  },
  'connection-lost': {
    what: 'The connection to {address} was cut in the middle.',
    why: 'The host restarts or ran out of memory, or the network broke.',
    remedy: 'Test again.',
  },
  'stopped-answering': {
    what: '{address} stopped answering in the middle.',
    why: 'The host is overloaded, its disk hangs, or a firewall cuts what lasts longer.',
    remedy: 'Test again in a minute. If it stays, restart the machine.',
  },
  unexplained: {
    what: 'The connection does not work, for a reason that Quantdeck does not know.',
    why: 'What was said is below.',
    remedy: 'Test again, and report it with these lines if it stays.',
  },
} as const satisfies Record<ConnectionCause, CauseWords>;
