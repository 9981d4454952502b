import { formatBytes } from '../domain/bytes';
import { isFloatType } from '../domain/conversion-spec';
import { FailureError } from '../domain/failure';
import { QUANTIZATIONS } from '../domain/quantization-types';
import type { StepContext } from './step-context';

/** Slack for logs, metadata and whatever else the host does meanwhile. */
const MARGIN_BYTES = 512 * 1024 ** 2;

export interface RoomNeeded {
  readonly sourceBytes: number;
  /** Of the source, what is not on the host yet. */
  readonly toFetchBytes: number;
}

/**
 * Refuses a host whose disk cannot hold the job at its peak (source, float base, every output at once) or whose memory
 * cannot hold the largest tensor: before anything is fetched, with the numbers.
 *
 * Sizes: the float base and each output follow from the parameter count, taken as half of the source's bytes (16-bit
 * weights); that over-estimates for 32-bit sources, which is the safe side.
 */
export async function refuseTooSmallHost(context: StepContext, room: RoomNeeded): Promise<void> {
  const { world, spec } = context;
  const facts = await context.host.withSession((session) => world.probe.facts(session), context.signal);
  const parameters = room.sourceBytes / 2;
  const baseBytes = parameters * 2;
  const outputBytes = spec.outputs
    .filter((type) => !isFloatType(type))
    .reduce((sum, type) => sum + (parameters * QUANTIZATIONS[type].bitsPerWeight) / 8, 0);
  const neededBytes = room.toFetchBytes + baseBytes + outputBytes + MARGIN_BYTES;
  const parts = `${formatBytes(room.toFetchBytes)} to fetch, ${formatBytes(baseBytes)} for the float GGUF, ${formatBytes(outputBytes)} for the quantized files`;
  await context.log.line(
    `Room on the host: ${facts.diskFreeBytes === null ? 'unknown' : formatBytes(facts.diskFreeBytes)} free, ${formatBytes(neededBytes)} needed (${parts}).`,
  );
  if (facts.diskFreeBytes !== null && facts.diskFreeBytes < neededBytes) {
    throw new FailureError(
      'host-disk-too-small',
      `This job needs ${formatBytes(neededBytes)} of free disk on the host, which has ${formatBytes(facts.diskFreeBytes)}.`,
      {
        remedy:
          'Free some space there, choose fewer outputs, or use a host with a larger disk. Nothing was fetched yet.',
        evidence: [parts],
      },
    );
  }
  refuseTooLittleMemory(facts.memoryAvailableBytes ?? facts.memoryTotalBytes, room.sourceBytes);
}

/**
 * Converting keeps the interpreter (0.4 GiB) and about 8 bytes per element of the largest tensor in memory (measured on
 * llama.cpp v0.5.0); that tensor is taken as an eighth of the model at the most, and as 1.1 GiB of elements at the most.
 */
function refuseTooLittleMemory(availableBytes: number | null, sourceBytes: number): void {
  const largestTensorElements = Math.min(sourceBytes / 2 / 8, 1.1 * 1024 ** 3);
  const neededBytes = 0.4 * 1024 ** 3 + largestTensorElements * 8 * 0.5;
  if (availableBytes === null || availableBytes >= neededBytes) return;
  throw new FailureError(
    'host-memory-too-small',
    `Converting this model needs about ${formatBytes(neededBytes)} of memory; the host has ${formatBytes(availableBytes)} available.`,
    { remedy: 'Close what else runs on the host, or use one with more memory. Nothing was fetched yet.' },
  );
}
