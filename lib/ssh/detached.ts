import { FailureError } from '../domain/failure';
import { type AttemptStatus, jobctlFailure, lastStatus } from './attempt-status';
import type { CommandRunner, ExecOptions, ExecResult } from './command-runner';
import { followLog } from './follow-attempt';
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
    const script = Buffer.from(program.script);
    const environment = Buffer.from(exportLines(program.environment));
    const answer = await this.#jobctl('start', program.attemptId, [script.length, environment.length], {
      stdin: Buffer.concat([script, environment]),
    });
    return statusOf(answer);
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
    return followLog(
      {
        status: () => this.status(attemptId),
        read: (from) => this.#read(attemptId, from, signal),
        stream: (from) => ({ runner: this.#runner, script: this.#program.commandLine(['follow', attemptId, from]) }),
      },
      offset,
      onData,
      signal,
    );
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

function checkId(attemptId: string): void {
  if (ATTEMPT_ID.test(attemptId)) return;
  throw new FailureError('invalid-input', `"${attemptId}" is not the id of an attempt.`, {
    remedy: 'It has 26 to 36 small letters, digits and dashes.',
  });
}
