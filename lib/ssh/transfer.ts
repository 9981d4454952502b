import type { ClientChannel } from 'ssh2';
import { FailureError } from '../domain/failure';
import { topUpWindow } from './channel-window';
import type { CommandRunner } from './command-runner';
import { OrderedDelivery } from './ordered-delivery';
import { lastLines, printable } from './printable-text';
import { quote } from './shell-quote';
import type { TransferLanes } from './transfer-lanes';
import { planTransfer, type TransferPlan } from './transfer-plan';

type TakeData = (chunk: Uint8Array, offset: number) => void | Promise<void>;

export interface TransferRange {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

const FILE_MISSING = 66;
const FILE_SHORTER = 65;

/**
 * Streams a byte range of a file in order, over as many connections as the distance to the host asks for.
 *
 * @throws FailureError `artifact-missing`, `transfer-failed` (the file is shorter), `host-lost` (continue at the offset
 *   reached); what `onData` throws; the signal's reason. Nothing is handed out after the rejection.
 */
export async function downloadRange(
  lanes: TransferLanes,
  range: TransferRange,
  onData: TakeData,
  signal: AbortSignal,
): Promise<void> {
  if (range.length <= 0) return;
  signal.throwIfAborted();
  const plan = planTransfer(await lanes.roundTripMs(), range.length);
  const stopped = new AbortController();
  const both = AbortSignal.any([signal, stopped.signal]);
  const maxAhead = plan.lanes * plan.requestsAhead;
  const delivery = new OrderedDelivery({ range, segmentBytes: plan.segmentBytes, maxAhead, onData, signal: both });
  const runs = Array.from({ length: plan.lanes }, async (_, index) => {
    try {
      const runner = await optionalRunner(lanes, index);
      if (runner) await runLane(runner, range.path, plan, delivery, both);
    } catch (error) {
      stopped.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(runs);
  await delivery.settled();
  if (both.aborted) throw both.reason;
}

/** A host that takes no further connection (MaxStartups, a ban) is served by those that stand. */
async function optionalRunner(lanes: TransferLanes, index: number): Promise<CommandRunner | null> {
  if (index === 0) return lanes.main;
  return lanes.runner(index).catch(() => null);
}

/** One long command on the host that is told ranges on its standard input and prints them one after the other. */
async function runLane(
  runner: CommandRunner,
  path: string,
  plan: TransferPlan,
  delivery: OrderedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const lane = new Lane(plan, delivery);
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

/** The client's half of a lane: keeps requests waiting on the host and gives what comes to the right segments. */
class Lane {
  readonly #plan: TransferPlan;
  readonly #delivery: OrderedDelivery;
  readonly #asked: number[] = [];
  #channel: ClientChannel | null = null;
  #isAsking = false;
  #isComplete = false;

  constructor(plan: TransferPlan, delivery: OrderedDelivery) {
    this.#plan = plan;
    this.#delivery = delivery;
  }

  /** True while something that was asked for has not come. */
  get isWaiting(): boolean {
    return this.#asked.length > 0;
  }

  open(channel: ClientChannel): void {
    this.#channel = channel;
    this.#ask();
  }

  take(chunk: Buffer): void | Promise<void> {
    const waits: (void | Promise<void>)[] = [];
    for (let rest = chunk; rest.length > 0; ) {
      const index = this.#asked[0];
      if (index === undefined) throw new Error('the host sent more bytes than it was asked for');
      const part = rest.subarray(0, this.#delivery.remaining(index));
      rest = rest.subarray(part.length);
      const isWhole = part.length === this.#delivery.remaining(index);
      waits.push(this.#delivery.push(index, part));
      if (isWhole) this.#asked.shift();
    }
    this.#ask();
    const { windowBytes } = this.#plan;
    const channel = this.#channel;
    if (windowBytes !== null && channel) topUpWindow(channel, windowBytes);
    const pending = waits.filter((wait) => wait !== undefined);
    return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
  }

  #ask(): void {
    if (this.#isAsking || this.#isComplete) return;
    this.#isAsking = true;
    this.#fill().finally(() => {
      this.#isAsking = false;
    });
  }

  async #fill(): Promise<void> {
    while (this.#asked.length < this.#plan.requestsAhead) {
      const segment = await this.#delivery.take();
      if (segment === null) {
        this.#isComplete = true;
        this.#channel?.end();
        return;
      }
      this.#asked.push(segment.index);
      this.#channel?.write(`${segment.offset} ${segment.length}\n`);
    }
  }
}

function missing(path: string): FailureError {
  return new FailureError('artifact-missing', `"${printable(path, 300)}" is not on the host any more.`, {
    remedy: 'Somebody deleted or moved it. Run the step again that makes it.',
  });
}

function cutShort(path: string, exitCode: number | null, errors: string): FailureError {
  const why =
    exitCode === FILE_SHORTER ? 'is shorter on the host than it was' : 'could not be read to its end on the host';
  return new FailureError('transfer-failed', `"${printable(path, 300)}" ${why}.`, {
    remedy: 'Check that nothing on the host writes to it, then retry: what has arrived is kept.',
    evidence: lastLines(errors, 3),
  });
}
