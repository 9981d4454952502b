import type { Finding } from '../domain/finding';
import type { Answers, RepairProposal } from '../domain/model-check';
import type { ByteRangeReader } from '../model/byte-range-reader';
import type { ConfigEvidence } from '../model/config-evidence';
import { fingerprintConfig } from '../model/fingerprint-config';
import { type CheckpointInspection, type InspectOptions, inspectCheckpoint } from '../model/inspect-checkpoint';
import type { KnownVocabulary } from '../model/known-vocabulary';
import { type ApprovedRepair, answersOf, hasRepair, repairedReader, repairFiles } from '../model/repaired-reader';
import type { BaseFiles } from '../model/tokenizer-problem';
import type { HubListing } from './ports';
import type { PipelineDependencies } from './step-context';
import { fileTaker } from './take-file';

type InspectWorld = Pick<PipelineDependencies, 'hub' | 'toolchain' | 'encodeText'>;

/** A checkpoint to look at, and where else something about it may be known. */
export interface InspectedSource {
  readonly reader: ByteRangeReader;
  /** Other config.json files, best first: of the same model before, or of its base. */
  evidence(origin: 'earlier-revision' | 'base-model'): Promise<readonly ConfigEvidence[]>;
  /** The model that it was made from, where files may be taken; null when nobody names one, absent where nobody could. */
  base?(): Promise<BaseFiles | null>;
  /** Where its bytes take time: whose tokenizer.json is recognized by parts. A job reads on its own host, and all of it. */
  readonly knownVocabularies?: readonly KnownVocabulary[];
}

/**
 * Inspects a checkpoint, then holds it against other configs: its base model's, and that of a known model of exactly these
 * shapes. Heads that fit the shapes and are still wrong show in no other way. Earlier versions of its own config.json are
 * asked for only when this one is broken: a later version is usually the better one.
 */
export async function inspectSource(
  source: InspectedSource,
  world: InspectWorld,
  answers: Answers = {},
): Promise<CheckpointInspection> {
  const options = { ...optionsOf(source, world), answers };
  const bases = source.evidence('base-model');
  // It is waited for below, unless something else fails first.
  bases.catch(() => undefined);
  const found = await inspectCheckpoint(source.reader, options);
  // A note is no damage: most models get the one that shapes cannot prove their heads.
  const isBroken = found.blocking !== null || found.inspection.findings.some(({ severity }) => severity !== 'note');
  const fingerprint = fingerprintConfig(found.provenance, found.modelType);
  const earlier = isBroken ? await source.evidence('earlier-revision') : [];
  const evidence = [...earlier, ...(await bases), ...(fingerprint ? [fingerprint] : [])];
  const base = found.inspection.findings.some(isAboutTokenizer) ? ((await source.base?.()) ?? null) : null;
  return evidence.length === 0 && !base ? found : inspectCheckpoint(source.reader, { ...options, evidence, base });
}

function isAboutTokenizer({ code, severity }: Finding): boolean {
  return severity === 'blocks' && /^model-(pre-)?tokenizer-/.test(code);
}

/** A listing of the hub as the model code knows it. */
export function baseFilesOf(listing: HubListing | null): BaseFiles | null {
  return listing && { repo: listing.repo, commit: listing.commit, files: listing.files.map((file) => file.path) };
}

/** A proposed repair as it is once somebody approves it whole. */
export function approvedRepair({ patch, files, answers }: RepairProposal): ApprovedRepair {
  return { configPatch: patch, fileRepairs: files, answeredFields: answers.map(({ field }) => field) };
}

/** The same for the checkpoint as it will be after a repair: `blocking` is about what that leaves. */
export async function inspectRepaired(
  source: InspectedSource,
  repair: ApprovedRepair,
  world: InspectWorld,
): Promise<CheckpointInspection> {
  const answers = answersOf(repair);
  if (!hasRepair(repair)) return inspectSource(source, world, answers);
  const { configPatch, fileRepairs } = repair;
  const files = await repairFiles(source.reader, { configPatch: {}, fileRepairs }, fileTaker(world));
  return inspectCheckpoint(repairedReader(source.reader, files), {
    ...optionsOf(source, world),
    configPatch,
    answers,
  });
}

function optionsOf(
  { knownVocabularies = [] }: InspectedSource,
  { toolchain, encodeText }: InspectWorld,
): InspectOptions {
  return {
    supportsArchitecture: (name) => toolchain.supportsArchitecture(name),
    encode: encodeText,
    knownVocabularies,
  };
}
