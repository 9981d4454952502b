import { FailureError } from '../domain/failure';
import { type AttemptStatus, jobctlFailure, lastStatus } from './attempt-status';
import type { CommandRunner, ExecOptions, ExecResult } from './command-runner';
import { type AttemptSource, followLog } from './follow-attempt';
import { type HostProgram, NOT_INSTALLED } from './host-program';
import { exportLines } from './shell-quote';

const ATTEMPT_ID = /^[0-9a-z-]{26,36}$/;
/** What a cancel may take beyond its grace: KILL is repeated for 10 s, a busy host is slow to look at its processes. */
const CANCEL_SLACK_MS = 40_000;

/** One execution of a step on a host, as it is sent there. */
export interface AttemptProgram {
  readonly attemptId: string;
  /** POSIX sh, without secrets. */
  readonly script: string;
  /** Secrets and settings, readable by the account alone, gone once the script runs. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Commands that outlive every connection: the client's half of `host/jobctl.sh`. The truth about a running command is on
 * the host; nothing here remembers anything but whether the program was installed.
 */
export class DetachedAttempts {
  readonly #runner: CommandRunner;
  readonly #program: HostProgram;

  constructor(runner: CommandRunner, program: HostProgram) {
    this.#runner = runner;
    this.#program = program;
  }

  /** Sends and starts it, at most once per id for ever; called again it only answers with the state. */
  async start(program: AttemptProgram): Promise<AttemptStatus> {
    const { input, sizes } = uploadOf(program);
    return statusOf(await this.#jobctl('start', program.attemptId, sizes, { stdin: input }));
  }

  async status(attemptId: string): Promise<AttemptStatus> {
    return statusOf(await this.#jobctl('status', attemptId, []));
  }

  /** Answers when it has ended, or after at most `seconds` with the state of then. */
  async wait(attemptId: string, seconds: number, signal?: AbortSignal): Promise<AttemptStatus> {
    const limits = { timeoutMs: (seconds + 30) * 1000, ...(signal ? { signal } : {}) };
    return statusOf(await this.#jobctl('wait', attemptId, [Math.floor(seconds)], limits));
  }

  async cancel(attemptId: string, graceMs: number): Promise<{ left: number; status: AttemptStatus }> {
    const answer = await this.#jobctl('cancel', attemptId, [Math.ceil(graceMs / 10)], {
      timeoutMs: graceMs + CANCEL_SLACK_MS,
    });
    const left = /^quantdeck-left (\d{1,7})$/m.exec(answer.stdout)?.[1];
    if (left === undefined) throw jobctlFailure(answer.stdout, answer.stderr);
    return { left: Number(left), status: statusOf(answer) };
  }

  /**
   * Hands out the log from `offset` on, in order and byte for byte, until the attempt has ended and all was handed out.
   *
   * @throws FailureError `host-lost` (call again with the new offset), `log-shrank`; what `onData` throws.
   */
  follow(
    attemptId: string,
    offset: number,
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<AttemptStatus> {
    checkId(attemptId);
    return this.#followed(attemptId, offset, onData, signal, (from) => ({
      runner: this.#runner,
      script: this.#program.commandLine(['follow', attemptId, from]),
    }));
  }

  /** `start` and `follow` in one command: what the first answers is the beginning of what the second says. */
  run(
    program: AttemptProgram,
    offset: number,
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<AttemptStatus> {
    const { attemptId } = program;
    checkId(attemptId);
    const { input, sizes } = uploadOf(program);
    // Sent with each try: where it has started, jobctl reads no more than the words, and follows.
    return this.#followed(attemptId, offset, onData, signal, (from) => ({
      runner: this.#runner,
      script: this.#program.commandLine(['attach', attemptId, ...sizes, from]),
      input,
    }));
  }

  #followed(
    attemptId: string,
    offset: number,
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
    stream: AttemptSource['stream'],
  ): Promise<AttemptStatus> {
    let isInstalled = false;
    const source: AttemptSource = {
      status: () => this.status(attemptId),
      read: (from: number) => this.#read(attemptId, from, signal),
      stream,
      install: async (exitCode) => {
        if (exitCode !== NOT_INSTALLED || isInstalled) return false;
        await this.#program.install(this.#runner);
        isInstalled = true;
        return true;
      },
    };
    return followLog(source, offset, onData, signal);
  }

  async #read(attemptId: string, from: number, signal: AbortSignal): Promise<Buffer> {
    const script = this.#program.commandLine(['read', attemptId, from]);
    const answer = await this.#runner.collect(script, { maxBytes: 8 * 1024 * 1024, timeoutMs: 120_000, signal });
    return answer.stdout;
  }

  async #jobctl(
    verb: string,
    attemptId: string,
    words: readonly number[],
    options: ExecOptions = {},
  ): Promise<ExecResult> {
    checkId(attemptId);
    const line = this.#program.commandLine([verb, attemptId, ...words]);
    const answer = await this.#runner.exec(line, options);
    if (answer.exitCode !== NOT_INSTALLED) return answer;
    await this.#program.install(this.#runner);
    return this.#runner.exec(line, options);
  }
}

function statusOf(answer: ExecResult): AttemptStatus {
  const status = lastStatus(answer.stdout);
  if (status === null) throw jobctlFailure(answer.stdout, answer.stderr);
  return status;
}

/** What jobctl reads to start it, and the lengths of its two parts in bytes. */
function uploadOf({ script, environment }: AttemptProgram): { input: Buffer; sizes: readonly number[] } {
  const parts = [Buffer.from(script), Buffer.from(exportLines(environment))];
  return { input: Buffer.concat(parts), sizes: parts.map(({ length }) => length) };
}

function checkId(attemptId: string): void {
  if (ATTEMPT_ID.test(attemptId)) return;
  throw new FailureError('invalid-input', `"${attemptId}" is not the id of an attempt.`, {
    remedy: 'It has 26 to 36 small letters, digits and dashes.',
  });
}
