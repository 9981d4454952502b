import { FailureError } from '../domain/failure';
import { lastLines } from './printable-text';

export type AttemptState = 'absent' | 'new' | 'claimed' | 'running' | 'exited' | 'orphaned' | 'lost' | 'rebooted';

/** What the host says of an attempt; see `host/jobctl.sh`. */
export interface AttemptStatus {
  readonly state: AttemptState;
  readonly exitCode: number | null;
  /** Bytes of log when it ended, null while running. */
  readonly logEnd: number | null;
  /** Bytes of log now. */
  readonly logBytes: number;
  readonly cancelRequested: boolean;
}

const STATUS_LINE =
  /^quantdeck-attempt state=(absent|new|claimed|running|exited|orphaned|lost|rebooted) code=(\d{1,3}|-) end=(\d{1,16}|-) size=(\d{1,16}) cancel=([01])$/;

/** Reads one line of jobctl; null when it is something else. */
export function parseStatusLine(line: string): AttemptStatus | null {
  const match = STATUS_LINE.exec(line.trim());
  if (!match) return null;
  const [, state, code, end, size, cancel] = match;
  return {
    state: state as AttemptState,
    exitCode: code === '-' ? null : Number(code),
    logEnd: end === '-' ? null : Number(end),
    logBytes: Number(size),
    cancelRequested: cancel === '1',
  };
}

/** The last status line of an output, null when there is none. */
export function lastStatus(output: string): AttemptStatus | null {
  const found = output
    .split('\n')
    .map(parseStatusLine)
    .filter((status) => status !== null);
  return found.at(-1) ?? null;
}

/** True when nothing of the attempt can be alive any more. */
export function hasEnded(status: AttemptStatus): boolean {
  return status.state !== 'running' && status.state !== 'claimed' && status.state !== 'orphaned';
}

/** An answer of jobctl that holds no status, as the failure it stands for. */
export function jobctlFailure(output: string, errors: string): FailureError {
  const evidence = lastLines(`${errors}\n${output}`, 4);
  const code = /^quantdeck-error ([a-z]+)$/m.exec(output)?.[1];
  if (code === 'unsupported') {
    return new FailureError(
      'host-unsupported',
      'This host cannot run jobs: it has no /proc and no ps, or neither setsid nor perl.',
      {
        remedy: 'Quantdeck needs Linux with util-linux or busybox, or macOS.',
        evidence,
      },
    );
  }
  if (code === 'write') return writeFailure(output, evidence);
  if (code === 'upload') {
    return new FailureError(
      'host-lost',
      'The connection was cut while a script was sent to the host. It was not started.',
      {
        remedy: 'It is sent again.',
        isTransient: true,
        evidence,
      },
    );
  }
  return new FailureError('ssh-protocol', 'The host did not answer as our program on it does.', {
    remedy: 'Try again. If it stays, remove ~/.quantdeck/bin on the host: the program is installed anew.',
    evidence,
    isTransient: true,
  });
}

/** `df -P` tells a full disk from one that may not be written. */
function writeFailure(output: string, evidence: string[]): FailureError {
  const freeKilobytes = /\s(\d+)\s+(\d+)\s+(-?\d+)\s+\d+%\s/.exec(output)?.[3];
  if (freeKilobytes !== undefined && Number(freeKilobytes) < 1024) {
    return new FailureError('disk-full', `The disk of the host's home folder is full: ${freeKilobytes} KiB are free.`, {
      remedy: 'Free some space on the host, then retry: what is there is kept.',
      evidence,
    });
  }
  return new FailureError('host-not-writable', 'The folder ~/.quantdeck on the host cannot be written.', {
    remedy: 'Check who owns it and whether the disk is mounted read-only or out of inodes.',
    evidence,
  });
}
