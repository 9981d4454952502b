import { type Failure, FailureError, toFailure } from '../domain/failure';
import { ChannelLimiter } from './channel-limiter';
import { CommandRunner } from './command-runner';
import { openConnection, type SshConnection } from './connection';
import { homeFolderOf } from './home-folder';
import { addressOf, type HostEndpoint } from './host-endpoint';
import { lastLines } from './printable-text';
import { SftpFiles } from './sftp-files';

/** One thing that was looked at, in the order a connection needs them. */
export interface DiagnosisStep {
  readonly name: 'connection' | 'commands' | 'home-folder' | 'quiet-shell' | 'file-transfer' | 'job-support';
  readonly state: 'ok' | 'failed' | 'skipped';
  /** What was seen, in one line. */
  readonly detail: string;
  readonly failure: Failure | null;
}

export interface Diagnosis {
  readonly steps: readonly DiagnosisStep[];
  /** The first thing that is wrong: cause, evidence and remedy. Null when all is well. */
  readonly failure: Failure | null;
  readonly hostKeyFingerprint: string | null;
  readonly roundTripMs: number | null;
}

type Probe = (connection: SshConnection, runner: CommandRunner) => Promise<string>;

const PROBES: readonly (readonly [DiagnosisStep['name'], Probe])[] = [
  ['commands', commands],
  ['home-folder', async (_connection, runner) => `files go to ${await homeFolderOf(runner)}/.quantdeck`],
  ['quiet-shell', quietShell],
  ['file-transfer', fileTransfer],
  ['job-support', jobSupport],
];

/** Looks at an instance step by step, and stops at nothing but a connection that does not come about. Never rejects. */
export async function diagnose(
  endpoint: HostEndpoint,
  options: { pinned: string | null; signal?: AbortSignal; connectTimeoutMs?: number },
): Promise<Diagnosis> {
  let connection: SshConnection;
  try {
    connection = await openConnection(endpoint, options);
  } catch (error) {
    const failure = toFailure(error);
    const skipped = PROBES.map(([name]) => step(name, 'skipped', 'not reached', null));
    const first = step('connection', 'failed', failure.message, failure);
    return { steps: [first, ...skipped], failure, hostKeyFingerprint: null, roundTripMs: null };
  }
  try {
    const { fingerprint, roundTripMs } = connection;
    const reached = `logged in to ${addressOf(endpoint)} as ${endpoint.user}, ${roundTripMs.toFixed(0)} ms away`;
    const steps = [step('connection', 'ok', reached, null)];
    const runner = new CommandRunner(connection, new ChannelLimiter(4, 2));
    for (const [name, probe] of PROBES) steps.push(await look(name, () => probe(connection, runner)));
    const failure = steps.find((one) => one.failure !== null)?.failure ?? null;
    return { steps, failure, hostKeyFingerprint: fingerprint, roundTripMs };
  } finally {
    connection.close();
  }
}

async function look(name: DiagnosisStep['name'], probe: () => Promise<string>): Promise<DiagnosisStep> {
  try {
    return step(name, 'ok', await probe(), null);
  } catch (error) {
    const failure = toFailure(error);
    return step(name, 'failed', failure.message, failure);
  }
}

function step(
  name: DiagnosisStep['name'],
  state: DiagnosisStep['state'],
  detail: string,
  failure: Failure | null,
): DiagnosisStep {
  return { name, state, detail, failure };
}

async function commands(_connection: SshConnection, runner: CommandRunner): Promise<string> {
  const { durationMs } = await runner.exec('exit 0');
  return `a command takes ${durationMs.toFixed(0)} ms`;
}

/** Noise does not disturb our commands, but it breaks SFTP on servers that start it through the shell. */
async function quietShell(connection: SshConnection, _runner: CommandRunner): Promise<string> {
  const output = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the login shell did not answer within 10 seconds')), 10_000);
    connection.client.exec('exit', (error, channel) => {
      if (error) {
        clearTimeout(timer);
        reject(error);
        return;
      }
      let text = '';
      channel.on('data', (chunk: Buffer) => {
        text = (text + chunk.toString('utf8')).slice(-4096);
      });
      channel.stderr.resume();
      channel.on('close', () => {
        clearTimeout(timer);
        resolve(text);
      });
      channel.end();
    });
  });
  const [line] = lastLines(output, 1);
  return line === undefined
    ? 'the login shell is quiet'
    : `the login shell prints text before commands, which is skipped: ${line}`;
}

async function fileTransfer(_connection: SshConnection, runner: CommandRunner): Promise<string> {
  await new SftpFiles(runner).stat('.');
  return 'SFTP answers';
}

async function jobSupport(_connection: SshConnection, runner: CommandRunner): Promise<string> {
  const script = `missing=''
for tool in setsid head tail tr grep dd wc df; do command -v $tool >/dev/null 2>&1 || missing="$missing $tool"; done
[ -r /proc/self/stat ] || missing="$missing /proc"
echo "$missing"`;
  const missing = (await runner.exec(script)).stdout.trim();
  if (missing === '') return 'everything a job needs is there';
  throw unsupported(lastLines(missing, 1)[0] ?? '');
}

function unsupported(missing: string): FailureError {
  return new FailureError('host-unsupported', `This host lacks what jobs need: ${missing}.`, {
    remedy:
      'Use a Linux host with coreutils and util-linux (any Debian, Ubuntu, Fedora or Alpine has them), or install them.',
    evidence: [`missing: ${missing}`],
  });
}
