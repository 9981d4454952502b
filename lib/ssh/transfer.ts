import { FailureError, isFailureError } from '../domain/failure';
import type { CommandRunner } from './command-runner';
import { LaneGrowth } from './lane-growth';
import { OrderedDelivery } from './ordered-delivery';
import { lastLines, printable } from './printable-text';
import { downloadBySftp } from './sftp-download';
import type { SftpFiles } from './sftp-files';
import { quote } from './shell-quote';
import { type TakeData, TransferLane, type TransferRange } from './transfer-lane';
import type { TransferLanes } from './transfer-lanes';
import { planTransfer, requestsAhead, type TransferPlan } from './transfer-plan';

const FILE_MISSING = 66;
const FILE_SHORTER = 65;
const LOOK_EVERY_MS = 250;

/**
 * Streams a byte range of a file in order, over as many connections as the distance to the host asks for; over SFTP when
 * no command there can read it.
 *
 * @throws FailureError `artifact-missing`, `transfer-failed` (the file is shorter, or cannot be read either way),
 *   `host-lost` (continue at the offset reached); what `onData` throws; the signal's reason. Nothing is handed out after
 *   the rejection.
 */
export async function downloadRange(
  lanes: TransferLanes,
  files: SftpFiles,
  range: TransferRange,
  onData: TakeData,
  signal: AbortSignal,
): Promise<void> {
  if (range.length <= 0) return;
  signal.throwIfAborted();
  let hasBegun = false;
  const take: TakeData = (chunk, offset) => {
    hasBegun = true;
    return onData(chunk, offset);
  };
  try {
    await downloadByCommands(lanes, range, take, signal);
  } catch (error) {
    const isOver = hasBegun || signal.aborted || !lanes.main.connection.isOpen();
    if (isOver || !isRefusal(error)) throw error;
    await downloadBySftp(files, range, onData, signal, error);
  }
}

/** True when the host runs no commands, or lacks the programs that ours needs. */
function isRefusal(error: unknown): boolean {
  return error instanceof LaneRefused || (isFailureError(error) && error.failure.code === 'ssh-protocol');
}

async function downloadByCommands(
  lanes: TransferLanes,
  range: TransferRange,
  onData: TakeData,
  signal: AbortSignal,
): Promise<void> {
  const roundTripMs = await lanes.roundTripMs();
  const plan = planTransfer(roundTripMs, range.length, lanes.bestCount);
  const stopped = new AbortController();
  const both = AbortSignal.any([signal, stopped.signal]);
  const { segmentBytes } = plan;
  const delivery = new OrderedDelivery({ range, segmentBytes, maxAhead: plan.segmentsAhead, onData, signal: both });
  const crew = new LaneCrew({ lanes, path: range.path, plan, delivery, stopped, signal: both });
  crew.resize(plan.lanes);
  const nowMs = performance.now();
  const growth = new LaneGrowth({ ...plan, totalBytes: range.length, roundTripMs, nowMs });
  const look = setInterval(() => {
    if (both.aborted) return;
    crew.resize(growth.observe(crew.receivedBytes, performance.now()));
    lanes.bestCount = growth.best ?? lanes.bestCount;
  }, LOOK_EVERY_MS);
  try {
    await crew.finished();
  } finally {
    clearInterval(look);
  }
  await delivery.settled();
  if (both.aborted) throw both.reason;
}

interface CrewOptions {
  readonly lanes: TransferLanes;
  readonly path: string;
  readonly plan: TransferPlan;
  readonly delivery: OrderedDelivery;
  /** Aborted by the first lane that fails. */
  readonly stopped: AbortController;
  readonly signal: AbortSignal;
}

/** The lanes of one transfer, which may become more and fewer on the way. */
class LaneCrew {
  receivedBytes = 0;
  readonly #options: CrewOptions;
  readonly #lanes: TransferLane[] = [];
  readonly #runs: Promise<void>[] = [];

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#lanes.length;
  }

  resize(count: number): void {
    for (const lane of this.#lanes.splice(count)) lane.retire();
    while (this.#lanes.length < count) this.#runs.push(this.#start(this.#lanes.length));
  }

  /** Resolves when every lane has ended, those too that are added meanwhile. Never rejects. */
  async finished(): Promise<void> {
    for (let waitedFor = 0; waitedFor < this.#runs.length; ) {
      waitedFor = this.#runs.length;
      await Promise.allSettled(this.#runs);
    }
  }

  async #start(index: number): Promise<void> {
    const { lanes, path, plan, delivery, stopped, signal } = this.#options;
    const lane = new TransferLane({
      delivery,
      windowBytes: plan.windowBytes,
      requestsAhead: () => requestsAhead(plan, this.size),
      onReceived: (bytes) => {
        this.receivedBytes += bytes;
      },
    });
    this.#lanes.push(lane);
    try {
      const runner = await optionalRunner(lanes, index);
      if (runner) await runLane(runner, path, lane, signal);
    } catch (error) {
      // What one connection too many broke is not tried again.
      if (index >= plan.lanes) lanes.bestCount = plan.lanes;
      stopped.abort(error);
      throw error;
    }
  }
}

/** A host that takes no further connection (MaxStartups, a ban) is served by those that stand. */
async function optionalRunner(lanes: TransferLanes, index: number): Promise<CommandRunner | null> {
  if (index === 0) return lanes.main;
  return lanes.runner(index).catch(() => null);
}

/** One long command on the host that is told ranges on its standard input and prints them one after the other. */
async function runLane(runner: CommandRunner, path: string, lane: TransferLane, signal: AbortSignal): Promise<void> {
  const errors: string[] = [];
  const end = await runner.run({
    script: laneScript(path),
    use: 'long',
    signal,
    onChannel: (channel) => lane.open(channel),
    onStdout: (chunk) => lane.take(chunk),
    onStderr: (chunk) => {
      if (errors.length < 20) errors.push(chunk.toString('utf8'));
    },
  });
  if (end.exitCode === FILE_MISSING) throw missing(path);
  if (end.exitCode !== 0 || lane.isWaiting) throw cutShort(path, end.exitCode, errors.join(''));
}

function laneScript(path: string): string {
  return `f=${quote(path)}; [ -f "$f" ] || exit ${FILE_MISSING}
wc -c <"$f" >/dev/null || exit 1
if [ "$(dd if=/dev/zero bs=4 skip=1 count=3 iflag=skip_bytes,count_bytes 2>/dev/null | wc -c)" -eq 3 ]; then
  piece() { dd if="$f" bs=262144 skip="$1" count="$2" iflag=skip_bytes,count_bytes 2>/dev/null; }
else
  piece() { tail -c +$(($1 + 1)) -- "$f" | head -c "$2"; }
fi
while read -r at n; do
  [ $(($(wc -c <"$f"))) -ge $((at + n)) ] || exit ${FILE_SHORTER}
  piece "$at" "$n" || exit 1
done`;
}

function missing(path: string): FailureError {
  return new FailureError('artifact-missing', `"${printable(path, 300)}" is not on the host any more.`, {
    remedy: 'Somebody deleted or moved it. Run the step again that makes it.',
  });
}

function cutShort(path: string, exitCode: number | null, errors: string): FailureError {
  const why =
    exitCode === FILE_SHORTER ? 'is shorter on the host than it was' : 'could not be read to its end on the host';
  const Kind = exitCode === FILE_SHORTER ? FailureError : LaneRefused;
  return new Kind('transfer-failed', `"${printable(path, 300)}" ${why}.`, {
    remedy: 'Check that nothing on the host writes to it, then retry: what has arrived is kept.',
    evidence: lastLines(errors, 3),
  });
}

/** The command ended without having been able to read: SFTP may be. */
class LaneRefused extends FailureError {}
