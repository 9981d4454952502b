import { FailureError } from '../../lib/domain/failure';
import { type StepKind, stepKindOf } from '../../lib/domain/step-key';
import type { AttemptProgram, AttemptStatus, HostSession } from '../../lib/pipeline/host-port';
import type { StepContext } from '../../lib/pipeline/step-context';
import type { StepDefinition } from '../../lib/pipeline/step-definition';

interface FakeAttempt {
  readonly id: string;
  /** The key of its step: that is its whole program. */
  readonly key: string;
  log: string;
  exitCode: number | null;
  isCanceled: boolean;
}

/**
 * A host in memory, whose commands write and end when the test says so, and outlive whoever follows them. The steps that
 * belong to it run one command each; a local one waits for the same word.
 */
export class FakeJobHost {
  readonly attempts: FakeAttempt[] = [];
  /** Steps whose result is there. */
  readonly results = new Set<string>();
  isReachable = true;
  #isCut = false;
  #changed: (() => void)[] = [];

  /** Steps that run on the host now, or in the dashboard. */
  atWork(): string[] {
    return this.attempts
      .filter(({ exitCode }) => exitCode === null)
      .map(({ key }) => key)
      .sort();
  }

  /** Prints a line and ends a step's command; exit code 0 leaves its result. */
  end(key: string, exitCode = 0): void {
    const attempt = this.#open(key);
    attempt.log += `${key} ended with ${exitCode}\n`;
    attempt.exitCode = exitCode;
    if (exitCode === 0) this.results.add(key);
    this.#change();
  }

  print(key: string, line: string): void {
    this.#open(key).log += `${line}\n`;
    this.#change();
  }

  /** Ends every connection in the middle of what it carries. */
  cut(): void {
    this.#isCut = true;
    this.#change();
  }

  /** Resolves once exactly these steps are at work. */
  async until(...keys: string[]): Promise<void> {
    const wanted = [...keys].sort().join();
    while (this.atWork().join() !== wanted) await this.#change(false);
  }

  async untilAtWork(key: string): Promise<void> {
    while (!this.atWork().includes(key)) await this.#change(false);
  }

  /** A connection to it. */
  session(): HostSession {
    const session: Partial<HostSession> = {
      instanceId: 'host-a',
      homeFolder: '/home/tester',
      runAttempt: (program, offset, onData, signal) => {
        this.#start(program);
        return this.#follow(program.attemptId, offset, onData, signal);
      },
      followAttempt: (id, offset, onData, signal) => this.#follow(id, offset, onData, signal),
      cancelAttempt: async (id) => {
        const attempt = this.#attempt(id);
        attempt.log += 'terminated\n';
        attempt.exitCode ??= 143;
        attempt.isCanceled = true;
        this.#change();
        return { left: 0, status: statusOf(attempt) };
      },
      stream: (_command, _onData, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      onClose: () => undefined,
      close: () => undefined,
    };
    return session as HostSession;
  }

  async connect(): Promise<HostSession> {
    if (!this.isReachable) throw new FailureError('host-key-changed', 'Another machine answers.');
    return this.session();
  }

  definitionFor(kind: StepKind): StepDefinition {
    return {
      kind,
      check: async ({ step }: StepContext) =>
        this.results.has(step.key) ? { done: true, result: null } : { done: false },
      plan: async ({ step, jobId }: StepContext) =>
        stepKindOf(step.key) === 'bring-home'
          ? { kind: 'local', command: `${step.key} of ${jobId}`, run: (signal) => this.#local(step.key, signal) }
          : {
              kind: 'remote',
              script: step.key,
              progress: { push: () => null },
              explain: () => new FailureError('command-failed', `${step.key} is broken`).failure,
            },
    };
  }

  #start({ attemptId, script }: AttemptProgram): void {
    if (this.attempts.some(({ id }) => id === attemptId)) return;
    this.attempts.push({ id: attemptId, key: script, log: `$ ${script}\n`, exitCode: null, isCanceled: false });
    this.#change();
  }

  async #local(key: string, signal: AbortSignal): Promise<void> {
    const attempt: FakeAttempt = { id: `local-${key}`, key, log: '', exitCode: null, isCanceled: false };
    this.attempts.push(attempt);
    this.#change();
    while (attempt.exitCode === null && !signal.aborted) await this.#change(false);
    attempt.exitCode ??= 1;
    signal.throwIfAborted();
    if (attempt.exitCode !== 0) throw new FailureError('transfer-failed', `${key} is broken`);
  }

  async #follow(
    id: string,
    from: number,
    onData: Parameters<HostSession['followAttempt']>[2],
    signal: AbortSignal,
  ): Promise<AttemptStatus> {
    const attempt = this.#attempt(id);
    for (let offset = from; ; ) {
      signal.throwIfAborted();
      if (this.#isCut) throw new FailureError('host-lost', 'The connection was cut.');
      const bytes = Buffer.from(attempt.log).subarray(offset);
      if (bytes.length > 0) await onData(bytes, offset);
      else if (attempt.exitCode !== null) return statusOf(attempt);
      else await this.#change(false);
      offset += bytes.length;
    }
  }

  #attempt(id: string): FakeAttempt {
    const found = this.attempts.find((attempt) => attempt.id === id);
    if (!found) throw new Error(`the host has no attempt ${id}`);
    return found;
  }

  #open(key: string): FakeAttempt {
    const found = this.attempts.find((attempt) => attempt.key === key && attempt.exitCode === null);
    if (!found) throw new Error(`${key} is not at work, but ${this.atWork().join()}`);
    return found;
  }

  /** Wakes all that wait; with false waits for the next change, or a moment, whichever comes first. */
  async #change(isMine = true): Promise<void> {
    if (isMine) {
      const waiting = this.#changed;
      this.#changed = [];
      for (const wake of waiting) wake();
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 5);
      this.#changed.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function statusOf({ exitCode, log, isCanceled }: FakeAttempt): AttemptStatus {
  const logBytes = Buffer.byteLength(log);
  return {
    state: exitCode === null ? 'running' : 'exited',
    exitCode,
    logEnd: exitCode === null ? null : logBytes,
    logBytes,
    cancelRequested: isCanceled,
  };
}
