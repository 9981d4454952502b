import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants, userInfo } from 'node:os';
import type { PseudoTtyInfo, ServerChannel, Session } from 'ssh2';
import { serveSftp } from './embedded-sftp';
import { repairServerChannel } from './server-channel-repair';
import { command, quote } from './shell-quote';

/**
 * What a program on this machine may inherit. The dashboard's own environment holds its secrets (API keys, the admin
 * password), and a job's output may be shown to others, so this is a list of what is let through.
 */
const INHERITED =
  /^(PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|LD_LIBRARY_PATH|CC|CXX|(https?|ftp|all|no)_proxy|(HTTPS?|FTP|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|(PIP|UV|CUDA|NVIDIA|CMAKE)_[A-Z0-9_]+|npm_config_registry)$/;

/** Only these may be set by a client, as with sshd's usual AcceptEnv. */
const SETTABLE = /^(LANG|LC_[A-Z]+|TERM|COLORTERM)$/;

interface ProgramSettings {
  readonly homeFolder: string;
  readonly shell: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the programs of all sessions and knows those that are alive. */
export class EmbeddedPrograms {
  readonly settings: ProgramSettings;
  readonly #alive = new Set<ChildProcessWithoutNullStreams>();

  constructor(settings: ProgramSettings) {
    this.settings = settings;
  }

  start(program: string, argv: readonly string[], environment: Record<string, string>): ChildProcessWithoutNullStreams {
    const { homeFolder } = this.settings;
    // A group of its own, so that a signal reaches what the shell started as well.
    const child = spawn(program, argv, { cwd: homeFolder, env: environment as NodeJS.ProcessEnv, detached: true });
    this.#alive.add(child);
    child.once('close', () => this.#alive.delete(child));
    return child;
  }

  environment(extra: Readonly<Record<string, string>>): Record<string, string> {
    const { homeFolder, shell, environment } = this.settings;
    const user = userInfo().username;
    const inherited: Record<string, string> = {};
    for (const [name, value] of Object.entries(process.env)) {
      if (value !== undefined && INHERITED.test(name)) inherited[name] = value;
    }
    return { ...inherited, HOME: homeFolder, SHELL: shell, USER: user, LOGNAME: user, ...extra, ...environment };
  }

  endAll(): void {
    for (const child of this.#alive) signalGroup(child, 'SIGHUP');
  }
}

/** Answers the requests of one session channel: environment, pty, shell, exec, signals, SFTP. */
export function serveSession(session: Session, programs: EmbeddedPrograms): void {
  const environment: Record<string, string> = {};
  const state: { pty: PseudoTtyInfo | null; child: ChildProcessWithoutNullStreams | null } = { pty: null, child: null };
  session.on('env', (accept, reject, info) => {
    if (!SETTABLE.test(info.key)) {
      reject?.();
      return;
    }
    environment[info.key] = info.val;
    accept?.();
  });
  session.on('pty', (accept, _reject, info) => {
    state.pty = info;
    accept?.();
  });
  session.on('window-change', (accept) => accept?.());
  session.on('signal', (accept, _reject, info) => {
    if (state.child) signalGroup(state.child, `SIG${info.name}`);
    accept?.();
  });
  session.on('exec', (accept, _reject, info) => {
    state.child = runProgram(accept(), programs, { line: info.command, pty: state.pty, environment });
  });
  session.on('shell', (accept) => {
    state.child = runProgram(accept(), programs, { line: null, pty: state.pty, environment });
  });
  session.on('sftp', (accept) => serveSftp(accept(), programs.settings.homeFolder));
}

interface ProgramRequest {
  readonly line: string | null;
  readonly pty: PseudoTtyInfo | null;
  readonly environment: Record<string, string>;
}

function runProgram(
  channel: ServerChannel,
  programs: EmbeddedPrograms,
  request: ProgramRequest,
): ChildProcessWithoutNullStreams {
  const child = request.pty ? startWithPty(programs, request, request.pty) : startPlain(programs, request);
  let isChannelOpen = true;
  repairServerChannel(channel);
  child.on('error', (error) => {
    channel.stderr.write(`${error.message}\n`);
    channel.exit(127);
    channel.end();
  });
  // A program that ends without reading everything is its own business.
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on('close', (code, signal) => {
    if (!isChannelOpen) return;
    if (signal === null) channel.exit(code ?? 255);
    else channel.exit(signal.replace(/^SIG/, ''));
    channel.end();
  });
  channel.on('error', () => undefined);
  channel.on('close', () => {
    isChannelOpen = false;
    // As sshd does it: a terminal hangs up, a plain command loses its pipes and is left alone.
    if (request.pty) signalGroup(child, 'SIGHUP');
    child.stdin.end();
    child.stdout.destroy();
    child.stderr.destroy();
  });
  return child;
}

function startPlain(programs: EmbeddedPrograms, request: ProgramRequest): ChildProcessWithoutNullStreams {
  const argv = request.line === null ? [] : ['-c', request.line];
  return programs.start(programs.settings.shell, argv, programs.environment(request.environment));
}

/** `script` makes the terminal, so that no native module is needed. BSD's, which macOS has, takes the command as words. */
export function terminalArguments(platform: NodeJS.Platform, line: string): string[] {
  return platform === 'darwin' ? ['-q', '/dev/null', '/bin/sh', '-c', line] : ['-qefc', line, '/dev/null'];
}

function startWithPty(
  programs: EmbeddedPrograms,
  request: ProgramRequest,
  pty: PseudoTtyInfo,
): ChildProcessWithoutNullStreams {
  const { shell } = programs.settings;
  const inner = request.line === null ? `exec ${quote(shell)} -i` : `exec ${command([shell, '-c', request.line])}`;
  const line = `stty rows ${Math.trunc(pty.rows)} cols ${Math.trunc(pty.cols)}; ${inner}`;
  const term = 'term' in pty && typeof pty.term === 'string' && pty.term !== '' ? pty.term : 'xterm-256color';
  return programs.start(
    'script',
    terminalArguments(process.platform, line),
    programs.environment({ TERM: term, ...request.environment }),
  );
}

function signalGroup(child: ChildProcessWithoutNullStreams, name: string): void {
  const number = Reflect.get(constants.signals, name) as number | undefined;
  if (number === undefined || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, number);
  } catch (error) {
    // It ended in this instant.
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ESRCH') throw error;
  }
}
