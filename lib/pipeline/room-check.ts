import { formatBytes } from '../domain/bytes';
import { FailureError } from '../domain/failure';
import type { StepKind } from '../domain/step-key';
import { baseTypeOf } from '../model/base-type';
import type { ListedFile } from '../model/byte-range-reader';
import {
  type DiskPlan,
  guessParameterCount,
  planDisk,
  planMemory,
  planSteps,
  type StepPeak,
  TOOLCHAIN_BYTES,
} from '../model/disk-plan';
import { elementsOf } from '../model/gguf-planned-tensor';
import type { GgufTensorPlan } from '../model/gguf-tensor-plan';
import { quantizedSizes } from '../model/quantization-sizes';
import { ownDiskOf } from './artifact-transfer';
import { isOpen } from './ledger-port';
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
  /** Every tensor of the GGUF, once headers are read and the family is known: sizes are exact then. */
  readonly tensors?: GgufTensorPlan | null;
  /** True before headers are read: of 32-bit weights the float file is half of what it is taken for. */
  readonly isGuessed?: boolean;
}

/**
 * Refuses a host whose disk cannot hold the job at its peak (source, float base and every output side by side) or whose
 * memory cannot hold its hungriest step, and a dashboard whose disk cannot hold what is to be brought home: before the
 * work, with the numbers.
 * @param facts the host as it is now.
 */
export async function refuseTooSmallHost(
  context: StepContext,
  room: RoomNeeded,
  facts: Awaited<ReturnType<typeof askResources>>,
): Promise<void> {
  const plan = planRoom(room, context.spec.outputs);
  const smallestBytes = Math.min(plan.baseBytes, ...Object.values(plan.outputBytes));
  const steps = planSteps(plan, planMemory(largestTensor(room), smallestBytes));
  const toolchainBytes = await toolchainToCome(context);
  const home = await roomAtHome(context, plan);
  const copyBytes = home.isHostDisk ? home.neededBytes : 0;
  const neededBytes = plan.totalBytes + toolchainBytes + copyBytes;
  const parts = partsOf(plan, { toolchainBytes, copyBytes });
  const free = facts.diskFreeBytes === null ? 'unknown' : formatBytes(facts.diskFreeBytes);
  const lines = [
    `Room on the host: ${free} free, ${formatBytes(neededBytes)} needed (${parts}).`,
    ...steps
      .filter(({ place }) => place === 'host')
      .map(
        (peak) =>
          `  ${peak.step}: up to ${formatBytes(peak.diskBytes)} of disk, ${formatBytes(peak.memoryBytes)} of memory`,
      ),
    `Room on this computer: ${formatBytes(home.freeBytes)} free, ${formatBytes(home.neededBytes)} needed for the files that are brought home.`,
  ];
  await context.log.line(lines.join('\n'));
  if (facts.diskFreeBytes !== null && facts.diskFreeBytes < neededBytes) {
    throw new FailureError(
      'host-disk-too-small',
      `This job needs ${formatBytes(neededBytes)} of free disk on the host, which has ${free}.`,
      {
        remedy: 'Free some space there, choose fewer outputs, or use a host with a larger disk, then retry.',
        evidence: [parts],
      },
    );
  }
  refuseTooFullHome(home);
  refuseTooLittleMemory(facts.memoryAvailableBytes ?? facts.memoryTotalBytes, steps, room);
}

function partsOf(plan: DiskPlan, more: { toolchainBytes: number; copyBytes: number }): string {
  const outputBytes = Object.values(plan.outputBytes).reduce((sum, bytes) => sum + bytes, 0);
  return [
    `${formatBytes(plan.sourceBytes)} to fetch`,
    `${formatBytes(plan.baseBytes)} for the float GGUF`,
    `${formatBytes(outputBytes)} for the other files`,
    more.copyBytes === 0 ? '' : `${formatBytes(more.copyBytes)} for the copies that are kept, on the same disk`,
    more.toolchainBytes === 0
      ? ''
      : `up to ${formatBytes(more.toolchainBytes)} for llama.cpp, which is being installed`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

interface RoomAtHome {
  readonly freeBytes: number;
  /** Of the files that are to be brought home, those that are not there yet. */
  readonly neededBytes: number;
  /** True when they take room on the disk that the host works on as well. */
  readonly isHostDisk: boolean;
}

async function roomAtHome(context: StepContext, { keptBytes }: DiskPlan): Promise<RoomAtHome> {
  const { host, jobId, spec, workspace, world } = context;
  const freeBytes = await world.home.freeBytes();
  if (!spec.bringHome) return { freeBytes, neededBytes: 0, isHostDisk: false };
  const ownDisk = await ownDiskOf(host.instanceId, world);
  // Where both are one disk that shares blocks, a copy takes no room anywhere.
  const isHostDisk = ownDisk && (await world.home.takesRoomOf(workspace.job));
  const artifacts = await world.ledger.listArtifacts(jobId);
  const homeBytes = artifacts.reduce(
    (sum, { homePath, sizeBytes }) => sum + (homePath === null ? 0 : (sizeBytes ?? 0)),
    0,
  );
  return { freeBytes, neededBytes: Math.max(0, keptBytes - homeBytes), isHostDisk };
}

function refuseTooFullHome({ freeBytes, neededBytes }: RoomAtHome): void {
  if (freeBytes >= neededBytes) return;
  throw new FailureError(
    'dashboard-disk-full',
    `The files of this job need ${formatBytes(neededBytes)} on this computer's disk, which has ${formatBytes(freeBytes)} free.`,
    { remedy: 'Free some space here, then retry. A new job may also make fewer files, or leave them on the host.' },
  );
}

/**
 * Refuses a host that is too small before a checkpoint is fetched. Not where its fetching has begun: it was let in then, and
 * the room that is gone since is what it takes itself.
 * @param files what the checkpoint consists of. @param presentBytes how much of it takes room on the host already.
 */
export async function admitFetch(
  context: StepContext,
  files: readonly ListedFile[],
  presentBytes: () => Promise<number>,
): Promise<void> {
  if (isOpen(context.step.attempt)) return;
  const totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const [arrivedBytes, facts] = await Promise.all([presentBytes(), askResources(context)]);
  const room: RoomNeeded = {
    toFetchBytes: totalBytes - arrivedBytes,
    parameterCount: guessParameterCount(totalBytes),
    baseType: baseTypeOf(context.spec, null),
    isGuessed: true,
  };
  await refuseTooSmallHost(context, room, facts);
}

/** Disk and memory of the job's host as they are now. */
export function askResources({ host, world, signal }: StepContext) {
  return host.withSession((session) => world.probe.resources(session), signal);
}

/** What an installation that runs at the same time may still need: it has not taken its room yet. */
async function toolchainToCome({ jobId, world }: StepContext): Promise<number> {
  const { steps } = await world.ledger.loadJob(jobId);
  const preparing = steps.find(({ key }) => key === 'prepare-host')?.attempt ?? null;
  return isOpen(preparing) ? TOOLCHAIN_BYTES : 0;
}

function planRoom(room: RoomNeeded, outputs: StepContext['spec']['outputs']): DiskPlan {
  const { parameterCount, baseType, tensors } = room;
  const sizes = tensors ? quantizedSizes(tensors, { baseType, tokenizer: null }) : [];
  return planDisk({
    sourceBytes: room.toFetchBytes,
    parameterCount,
    baseType,
    outputs,
    sizes: new Map(sizes.map((size) => [size.type, size.sizeBytes])),
  });
}

/** Elements of the largest tensor: an embedding, or the stacked experts of a layer. */
export function largestTensor({ tensors, parameterCount }: Pick<RoomNeeded, 'tensors' | 'parameterCount'>): number {
  if (tensors) return tensors.tensors.reduce((most, tensor) => Math.max(most, elementsOf(tensor)), 0);
  return Math.min(parameterCount * LARGEST_TENSOR_SHARE, LARGEST_TENSOR_ELEMENTS);
}

const HUNGRY_STEPS: Readonly<Partial<Record<StepKind, string>>> = {
  'convert-model': 'Converting this model',
  imatrix: 'Measuring which weights matter, for the types of under three bits,',
  quantize: 'Quantizing this model',
};

/**
 * Loading maps a file and gets by with less than its size; making one does not, nor does computing with every weight of the
 * float file again and again, which would read it from the disk each time.
 */
function refuseTooLittleMemory(
  availableBytes: number | null,
  steps: readonly StepPeak[],
  { isGuessed = false }: RoomNeeded,
): void {
  const making = steps.filter(({ step }) => HUNGRY_STEPS[step] && !(step === 'imatrix' && isGuessed));
  const [hungriest] = making.sort((a, b) => b.memoryBytes - a.memoryBytes);
  if (availableBytes === null || !hungriest || availableBytes >= hungriest.memoryBytes) return;
  throw new FailureError(
    'host-memory-too-small',
    `${HUNGRY_STEPS[hungriest.step]} needs about ${formatBytes(hungriest.memoryBytes)} of memory; the host has ${formatBytes(availableBytes)} available.`,
    { remedy: 'Close what else runs on the host, or use one with more memory, then retry.' },
  );
}
