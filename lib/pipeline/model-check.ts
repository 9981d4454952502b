import { FailureError } from '../domain/failure';
import type { CheckSource, ModelCheckReport } from '../domain/model-check';
import type { ByteRangeReader } from '../model/byte-range-reader';
import type { ConfigEvidence } from '../model/config-evidence';
import { type CheckpointInspection, inspectCheckpoint } from '../model/inspect-checkpoint';
import { rememberingReader } from '../model/remembering-reader';
import { checkpointFits } from './checkpoint-fits';
import { sessionFolderReader } from './checkpoint-reader';
import { listHostFolder } from './host-folder';
import { localFolderReader } from './local-folder-reader';
import type { PipelineDependencies } from './step-context';

/** What a check needs of the world. */
export type ModelCheckWorld = Pick<PipelineDependencies, 'hub' | 'localFolder' | 'connectHost' | 'toolchain' | 'clock'>;

/** A folder has no history and names no base model that we could ask. */
const NO_EVIDENCE = async () => [];

interface OpenSource {
  readonly reader: ByteRangeReader;
  readonly commit: string | null;
  evidence(): Promise<ConfigEvidence[]>;
  close(): void;
}

/**
 * Looks at a checkpoint where it lies, without fetching its weights: what its tensors prove, what is wrong, what would
 * repair it, which model it is, and what each quantization would need.
 *
 * @throws FailureError when the source itself cannot be read; what is wrong with the checkpoint is in the report.
 */
export async function checkModel(
  source: CheckSource,
  world: ModelCheckWorld,
  signal: AbortSignal,
): Promise<{ report: ModelCheckReport; commit: string | null }> {
  const startedMs = world.clock.monotonicMs();
  const opened = await openSource(source, world, signal);
  try {
    const reader = rememberingReader(opened.reader);
    const { found, repaired } = await inspectWithEvidence(reader, opened, world);
    const { architecture, parameterCount, tensorCount, totalBytes, findings } = found.inspection;
    const report: ModelCheckReport = {
      architecture,
      parameterCount,
      tensorCount,
      totalBytes,
      dtype: found.dtype,
      facts: found.facts,
      findings,
      repair: found.repair,
      provenance: [],
      fits: await checkpointFits(reader, found),
      stops: found.blocking,
      stopsAfterRepair: repaired.blocking,
      bytesRead: reader.bytesRead,
      durationMs: Math.round(world.clock.monotonicMs() - startedMs),
    };
    return { report, commit: opened.commit };
  } finally {
    opened.close();
  }
}

/**
 * What is found as it stands, and what would be left once the repair is applied. Other configs are asked for only when
 * something is wrong or open: a healthy model needs no further request.
 */
async function inspectWithEvidence(
  reader: ByteRangeReader,
  opened: OpenSource,
  world: ModelCheckWorld,
): Promise<{ found: CheckpointInspection; repaired: CheckpointInspection }> {
  const supportsArchitecture = (name: string) => world.toolchain.supportsArchitecture(name);
  let found = await inspectCheckpoint(reader, { supportsArchitecture });
  let evidence: ConfigEvidence[] = [];
  if (found.blocking !== null || found.repair.undetermined.length > 0) {
    evidence = await opened.evidence();
    if (evidence.length > 0) found = await inspectCheckpoint(reader, { supportsArchitecture, evidence });
  }
  const { patch, files } = found.repair;
  if (Object.keys(patch).length === 0 && files.length === 0) return { found, repaired: found };
  const leaveOut = files.flatMap((repair) => (repair.kind === 'leave-out' ? repair.files : []));
  const repaired = await inspectCheckpoint(reader, { supportsArchitecture, evidence, configPatch: patch, leaveOut });
  return { found, repaired };
}

async function openSource(source: CheckSource, world: ModelCheckWorld, signal: AbortSignal): Promise<OpenSource> {
  if (source.kind === 'hub') {
    const hub = await world.hub();
    const listing = await hub.list(source.repo, source.revision);
    return {
      reader: hub.reader(listing),
      commit: listing.commit,
      evidence: () => hub.evidence(listing),
      close: () => undefined,
    };
  }
  if (source.instanceId === null) {
    const reader = await localFolderReader(world.localFolder, source.path);
    return { reader, commit: null, evidence: NO_EVIDENCE, close: () => undefined };
  }
  return openHostFolder(source.path, await world.connectHost(source.instanceId, signal));
}

async function openHostFolder(
  folder: string,
  session: Awaited<ReturnType<ModelCheckWorld['connectHost']>>,
): Promise<OpenSource> {
  try {
    const root = folder.startsWith('~/') ? `${session.homeFolder}/${folder.slice(2)}` : folder;
    const stat = await session.stat(root);
    if (!stat?.isFolder) {
      throw new FailureError('source-folder-missing', `There is no folder ${root} on the host.`, {
        remedy: 'Check the path: it is a path on that host, not on your computer.',
      });
    }
    const files = await listHostFolder(session, root);
    const sizes = new Map(files.map((file) => [file.path, file.sizeBytes]));
    const reader = sessionFolderReader((work) => work(session), root, [...sizes.keys()]);
    return {
      reader: { ...reader, list: async () => files, sizeBytes: async (name) => sizes.get(name) ?? null },
      commit: null,
      evidence: NO_EVIDENCE,
      close: () => session.close(),
    };
  } catch (error) {
    session.close();
    throw error;
  }
}
