import { FailureError } from '../domain/failure';
import type { CheckSource, ModelCheckReport } from '../domain/model-check';
import type { ByteRangeReader } from '../model/byte-range-reader';
import { inspectCheckpoint } from '../model/inspect-checkpoint';
import { rememberingReader } from '../model/remembering-reader';
import { sessionFolderReader } from './checkpoint-reader';
import { listHostFolder } from './host-folder';
import { localFolderReader } from './local-folder-reader';
import type { PipelineDependencies } from './step-context';

/** What a check needs of the world. */
export type ModelCheckWorld = Pick<PipelineDependencies, 'hub' | 'localFolder' | 'connectHost' | 'toolchain' | 'clock'>;

interface OpenSource {
  readonly reader: ByteRangeReader;
  readonly commit: string | null;
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
    const found = await inspectCheckpoint(reader, {
      supportsArchitecture: (name) => world.toolchain.supportsArchitecture(name),
    });
    const durationMs = Math.round(world.clock.monotonicMs() - startedMs);
    return { report: { ...found.report, bytesRead: reader.bytesRead, durationMs }, commit: opened.commit };
  } finally {
    opened.close();
  }
}

async function openSource(source: CheckSource, world: ModelCheckWorld, signal: AbortSignal): Promise<OpenSource> {
  if (source.kind === 'hub') {
    const hub = await world.hub();
    const listing = await hub.list(source.repo, source.revision);
    return { reader: hub.reader(listing), commit: listing.commit, close: () => undefined };
  }
  if (source.instanceId === null) {
    return { reader: await localFolderReader(world.localFolder, source.path), commit: null, close: () => undefined };
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
      close: () => session.close(),
    };
  } catch (error) {
    session.close();
    throw error;
  }
}
