import { formatBytes } from '../domain/bytes';
import { FailureError } from '../domain/failure';
import { planDisk, planMemory } from '../model/disk-plan';
import type { StepContext } from './step-context';

/** An embedding of 262,144 rows and 8,192 columns; no published dense model has a larger single tensor. */
const LARGEST_TENSOR_ELEMENTS = 2 ** 31;
/** Without its headers read, a model's largest tensor is taken as this part of it: an embedding of a small model. */
const LARGEST_TENSOR_SHARE = 1 / 8;

export interface RoomNeeded {
  /** Of the source, what is not on the host yet. */
  readonly toFetchBytes: number;
  readonly parameterCount: number;
  readonly baseType: 'F16' | 'BF16' | 'F32';
}

/**
 * Refuses a host whose disk cannot hold the job at its peak (source, float base and every output side by side) or whose
 * memory cannot hold the converter: before the work, with the numbers.
 */
export async function refuseTooSmallHost(context: StepContext, room: RoomNeeded): Promise<void> {
  const { world, spec } = context;
  const facts = await context.host.withSession((session) => world.probe.facts(session), context.signal);
  const plan = planDisk({
    sourceBytes: room.toFetchBytes,
    parameterCount: room.parameterCount,
    baseType: room.baseType,
    outputs: spec.outputs,
  });
  const outputBytes = Object.values(plan.outputBytes).reduce((sum, bytes) => sum + bytes, 0);
  const parts = `${formatBytes(room.toFetchBytes)} to fetch, ${formatBytes(plan.baseBytes)} for the float GGUF, ${formatBytes(outputBytes)} for the other files`;
  const free = facts.diskFreeBytes === null ? 'unknown' : formatBytes(facts.diskFreeBytes);
  await context.log.line(`Room on the host: ${free} free, ${formatBytes(plan.totalBytes)} needed (${parts}).`);
  if (facts.diskFreeBytes !== null && facts.diskFreeBytes < plan.totalBytes) {
    throw new FailureError(
      'host-disk-too-small',
      `This job needs ${formatBytes(plan.totalBytes)} of free disk on the host, which has ${free}.`,
      {
        remedy: 'Free some space there, choose fewer outputs, or use a host with a larger disk, then retry.',
        evidence: [parts],
      },
    );
  }
  refuseTooLittleMemory(facts.memoryAvailableBytes ?? facts.memoryTotalBytes, room.parameterCount);
}

function refuseTooLittleMemory(availableBytes: number | null, parameterCount: number): void {
  const largest = Math.min(parameterCount * LARGEST_TENSOR_SHARE, LARGEST_TENSOR_ELEMENTS);
  const neededBytes = planMemory(largest, 0).convertBytes;
  if (availableBytes === null || availableBytes >= neededBytes) return;
  throw new FailureError(
    'host-memory-too-small',
    `Converting this model needs about ${formatBytes(neededBytes)} of memory; the host has ${formatBytes(availableBytes)} available.`,
    { remedy: 'Close what else runs on the host, or use one with more memory, then retry.' },
  );
}
