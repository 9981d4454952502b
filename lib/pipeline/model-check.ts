import { FailureError } from '../domain/failure';
import type { Answers, CheckSource, ModelCheckReport } from '../domain/model-check';
import type { ByteRangeReader } from '../model/byte-range-reader';
import { prefetchCheckpoint } from '../model/prefetch-checkpoint';
import { rememberingReader } from '../model/remembering-reader';
import type { TokenizerFiles } from '../model/tokenizer-files';
import { planCheckpoint } from './checkpoint-fits';
import { sessionFolderReader } from './checkpoint-reader';
import { listHostFolder } from './host-folder';
import { approvedRepair, baseFilesOf, type InspectedSource, inspectRepaired, inspectSource } from './inspect-source';
import { knownTokenizers } from './known-tokenizers';
import { localFolderReader } from './local-folder-reader';
import type { PipelineDependencies } from './step-context';

/** What a check needs of the world. */
export type ModelCheckWorld = Pick<
  PipelineDependencies,
  'hub' | 'localFolder' | 'connectHost' | 'toolchain' | 'encodeText' | 'vocabularies' | 'clock'
>;

/** What somebody wants looked at. */
export interface RequestedCheck {
  readonly source: CheckSource;
  /** Set when it was looked at before: answers are about that very commit. */
  readonly commit: string | null;
  readonly answers: Answers;
}

export interface FinishedCheck {
  readonly report: ModelCheckReport;
  readonly commit: string | null;
  /** As the inspection's. */
  readonly readWholeTokenizer: TokenizerFiles | null;
}

/** A folder has no history and names no base model that we could ask. */
const ALONE = { evidence: async () => [], bytesReceived: () => null };

interface OpenSource {
  readonly reader: ByteRangeReader;
  readonly commit: string | null;
  readonly evidence: InspectedSource['evidence'];
  readonly base?: InspectedSource['base'];
  readonly isFar: boolean;
  /** What was received from there; null where only the reader reads. */
  bytesReceived(): number | null;
  close(): void;
}

/**
 * Looks at a checkpoint where it lies, without fetching its weights: what its tensors prove, what is wrong, what would
 * repair it, which model it is, and what each quantization would need.
 *
 * @throws FailureError when the source itself cannot be read; what is wrong with the checkpoint is in the report.
 */
export async function checkModel(
  { source, commit, answers }: RequestedCheck,
  world: ModelCheckWorld,
  signal: AbortSignal,
): Promise<FinishedCheck> {
  const startedMs = world.clock.monotonicMs();
  const opened = await openSource(source, commit, world, signal);
  try {
    const reader = rememberingReader(opened.reader);
    const prefetched = opened.isFar ? prefetchCheckpoint(reader) : null;
    const knownVocabularies = opened.isFar ? await knownTokenizers(world) : [];
    await prefetched;
    const { evidence, base } = opened;
    const seen: InspectedSource = { reader, evidence, knownVocabularies, ...(base ? { base } : {}) };
    const found = await inspectSource(seen, world, answers);
    const repaired = found.blocking ? await inspectRepaired(seen, approvedRepair(found.repair), world) : found;
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
      provenance: found.provenance,
      ...(await planCheckpoint(reader, found, knownVocabularies)),
      refusedAnswers: found.refusedAnswers,
      stops: found.blocking,
      stopsAfterRepair: repaired.blocking,
      waitsForAnswers: repaired.waitsForAnswers,
      bytesRead: opened.bytesReceived() ?? reader.bytesRead,
      durationMs: Math.round(world.clock.monotonicMs() - startedMs),
    };
    return { report, commit: opened.commit, readWholeTokenizer: found.readWholeTokenizer };
  } finally {
    opened.close();
  }
}

async function openSource(
  source: CheckSource,
  commit: string | null,
  world: ModelCheckWorld,
  signal: AbortSignal,
): Promise<OpenSource> {
  if (source.kind === 'hub') {
    const hub = await world.hub();
    const listing = await hub.list(source.repo, commit ?? source.revision);
    return {
      reader: hub.reader(listing),
      commit: listing.commit,
      evidence: (origin) => hub.evidence(listing, origin),
      base: async () => baseFilesOf(await hub.base(listing)),
      isFar: true,
      bytesReceived: () => hub.bytesReceived(),
      close: () => undefined,
    };
  }
  if (source.instanceId === null) {
    const reader = await localFolderReader(world.localFolder, source.path);
    return { reader, commit: null, ...ALONE, isFar: false, close: () => undefined };
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
      ...ALONE,
      isFar: true,
      close: () => session.close(),
    };
  } catch (error) {
    session.close();
    throw error;
  }
}
