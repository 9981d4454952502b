import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKeyPair, readPrivateKey } from '../../../lib/ssh/keys';
import { freePort } from '../free-port';
import { layDownLlamaCpp } from './fake-image-content';

const SSHD = '/usr/sbin/sshd';
const BANNER =
  'Welcome to vast.ai. If authentication fails, try again after a few seconds, and double check your ssh key.\nHave fun!\n';

/** The hook of the real images: a command by ssh runs nothing until it is switched off. */
const BASHRC = `cd
if [ -n "$SSH_CONNECTION" ] && [ -z "$TMUX" ] && [ ! -e ~/.no_auto_tmux ]; then
  echo 'no sessions'
  exit 0
fi
`;

/**
 * Process 1 of the container. It ends when the fake ends, however that ends, since its input is a pipe of ours; and with it
 * everything in there. Where containers share our processes, its own are those below it and those with its home.
 */
const INIT = `cd "$HOME" || exit 1
if [ -d "$FAKE_FOLDER/cgroup" ]; then mount --bind "$FAKE_FOLDER/cgroup" /sys/fs/cgroup; fi
[ ! -s "$FAKE_FOLDER/onstart.sh" ] || bash "$FAKE_FOLDER/onstart.sh" >>"$FAKE_FOLDER/onstart.log" 2>&1 </dev/null &
(
  until [ -e "$FAKE_FOLDER/listen" ]; do sleep 0.02; done
  exec ${SSHD} -D -e -f "$FAKE_FOLDER/sshd_config" 2>>"$FAKE_FOLDER/sshd.log" </dev/null
) &
cat >/dev/null
[ $$ != 1 ] || exit 0
end_below() {
  for child in $(cat "/proc/$1"/task/*/children 2>/dev/null); do
    (end_below "$child")
    kill -9 "$child" 2>/dev/null
  done
}
end_below $$
for entry in /proc/[0-9]*; do
  pid=\${entry#/proc/}
  [ "$pid" = $$ ] || ! grep -qaF "=$FAKE_FOLDER" "$entry/environ" 2>/dev/null || kill -9 "$pid"
done
`;

/** What a container sees of the machine that it has a share of, and what it may use. */
export interface ContainerCores {
  readonly shown: number;
  readonly quota: number;
}

export interface ContainerAddress {
  readonly ip: string;
  readonly port: number;
  readonly proxyPort: number;
}

/** Whether instances can be real SSH servers here. */
export const canRunContainers = existsSync(SSHD);

/** Whether a container can show other cores than it may use: that takes a file system of its own, and the rights to change it. */
export function canLimitCores(): boolean {
  return process.getuid?.() === 0 && namespacePrefix().length > 0 && existsSync('/sys/fs/cgroup');
}

/**
 * What is inside a rented machine: a home folder of its own, a real sshd, and where the system allows it processes of its
 * own that all end with it. The person's own account runs it; nothing of the machine is hidden from it.
 */
export class FakeContainer {
  readonly #folder: string;
  readonly #accountKeysFile: string;
  readonly #toolchain: string | null;
  #process: ChildProcess | null = null;
  fingerprint = '';

  constructor(folder: string, accountKeysFile: string, toolchain: string | null = null) {
    this.#folder = folder;
    this.#accountKeysFile = accountKeysFile;
    this.#toolchain = toolchain;
  }

  get homeFolder(): string {
    return path.join(this.#folder, 'root');
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }

  /** From a fresh image: nothing in it but the hook, and llama.cpp where the image has it. A new host key, which a stop and a start keep. */
  async create(onstart: string | null, cores: ContainerCores | null = null): Promise<void> {
    await mkdir(path.join(this.homeFolder, '.ssh'), { recursive: true, mode: 0o700 });
    await mkdir(this.#file('keys'));
    await mkdir(this.#file('bin'));
    await writeFile(path.join(this.homeFolder, '.bashrc'), BASHRC);
    await writeFile(path.join(this.homeFolder, '.ssh', 'authorized_keys'), '', { mode: 0o600 });
    await writeFile(this.#file('onstart.sh'), onstart ?? '');
    await writeFile(this.#file('banner'), BANNER);
    // Plain images have none.
    await writeFile(this.#file('bin/rsync'), '#!/bin/sh\necho "rsync: command not found" >&2\nexit 127\n', {
      mode: 0o755,
    });
    if (this.#toolchain) await layDownLlamaCpp(this.#toolchain, this.#file('app'), this.#file('bin'));
    if (cores) await this.#limit(cores);
    const key = createKeyPair('host');
    await writeFile(this.#file('host_key'), key.privateKey, { mode: 0o600 });
    this.fingerprint = readPrivateKey(key.privateKey).fingerprint;
  }

  /** As in any container, programs that ask for the processors are told of the whole machine. */
  async #limit({ shown, quota }: ContainerCores): Promise<void> {
    if (!canLimitCores()) throw new Error('containers have no file system of their own here');
    await writeFile(this.#file('bin/nproc'), `#!/bin/sh\necho ${shown}\n`, { mode: 0o755 });
    await mkdir(this.#file('cgroup'));
    await writeFile(this.#file('cgroup/cpu.max'), `${quota * 100_000} 100000\n`);
  }

  /** Boots it: onstart runs, sshd does not listen yet. */
  async boot(address: ContainerAddress, environment: Readonly<Record<string, string>>): Promise<void> {
    await this.stop();
    await rm(this.#file('door'), { force: true });
    await rm(this.#file('listen'), { force: true });
    await writeFile(this.#file('sshd_config'), this.#sshdConfig(address));
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
    const program = [...namespacePrefix(), 'sh', '-c', INIT];
    const child = spawn(program[0] as string, program.slice(1), {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: {
        PATH: `${this.#file('bin')}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
        LANG: 'C.UTF-8',
        ...environment,
        HOME: this.homeFolder,
        FAKE_FOLDER: this.#folder,
      } as unknown as NodeJS.ProcessEnv,
    });
    // A pipe that breaks because the container is gone is no event.
    child.stdin.on('error', () => {});
    this.#process = child;
  }

  /** sshd answers from now on, and refuses every key until `acceptKeys`. */
  async listen({ ip, port }: ContainerAddress): Promise<void> {
    await writeFile(this.#file('listen'), '');
    for (let tries = 0; tries < 250; tries += 1) {
      if (await answers(ip, port)) return;
      await sleep(20);
    }
    throw new Error(`sshd did not start: ${await this.sshdLog()}`);
  }

  async acceptKeys(): Promise<void> {
    await rm(this.#file('keys'), { recursive: true, force: true });
    await mkdir(this.#file('keys'));
    await symlink(path.join(this.homeFolder, '.ssh', 'authorized_keys'), this.#file('keys/instance'));
    await symlink(this.#accountKeysFile, this.#file('keys/account'));
    await symlink(this.#file('keys'), this.#file('door')).catch(() => {});
  }

  /** What the API places in the instance's own file. */
  async addKeys(publicKeys: readonly string[]): Promise<void> {
    const lines = publicKeys.map((key) => `${key.trim()}\n`).join('');
    await appendFile(path.join(this.homeFolder, '.ssh', 'authorized_keys'), lines);
  }

  async stop(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.stdin?.end();
    await gone;
  }

  async logs(): Promise<string> {
    const onstart = await readFile(this.#file('onstart.log'), 'utf8').catch(() => '');
    return `${onstart}${await this.sshdLog()}`;
  }

  sshdLog(): Promise<string> {
    return readFile(this.#file('sshd.log'), 'utf8').catch(() => '');
  }

  #sshdConfig({ ip, port, proxyPort }: ContainerAddress): string {
    return `ListenAddress ${ip}:${port}
ListenAddress 127.0.0.1:${proxyPort}
HostKey ${this.#file('host_key')}
PidFile none
Banner ${this.#file('banner')}
AuthorizedKeysFile ${this.#file('door')}/instance
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
MaxStartups 100
LogLevel VERBOSE
SetEnv HOME=${this.homeFolder} PATH=${this.#file('bin')}:${process.env['PATH'] ?? '/usr/bin:/bin'} QD_IMAGE_PATH=${this.#file('app')}
Subsystem sftp internal-sftp -d ${this.homeFolder}
Match LocalPort ${proxyPort}
  AuthorizedKeysFile ${this.#file('door')}/account
`;
  }
}

/** Somebody else's machine, at an address that was ours: another host key, and no key of ours is known. */
export async function startStranger(folder: string, ip: string, port: number): Promise<FakeContainer> {
  const container = new FakeContainer(folder, '/dev/null');
  const address = { ip, port, proxyPort: await freePort() };
  await mkdir(folder, { recursive: true });
  await container.create(null);
  await container.boot(address, {});
  await container.listen(address);
  return container;
}

let namespace: readonly string[] | null = null;

/** How to begin a container with processes of its own; nothing where the system does not allow it. */
function namespacePrefix(): readonly string[] {
  if (namespace !== null) return namespace;
  const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user'];
  const prefix = ['unshare', ...asUser, '--pid', '--fork', '--kill-child', '--mount-proc'];
  const tried = spawnSync(prefix[0] as string, [...prefix.slice(1), 'true'], { stdio: 'ignore' });
  namespace = tried.status === 0 ? prefix : [];
  return namespace;
}

function answers(ip: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, ip);
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
