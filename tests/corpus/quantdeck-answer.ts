import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import type { Severity } from '../../lib/domain/finding';
import type { UndeterminedField } from '../../lib/domain/model-check';
import type { InspectionView } from '../../lib/domain/views';
import type { ByteRangeReader } from '../../lib/model/byte-range-reader';
import { isObject } from '../../lib/model/config-reader';
import { checkGgufStructure } from '../../lib/model/gguf-structure';
import type { CheckpointInspection } from '../../lib/model/inspect-checkpoint';
import { parsePythonJson } from '../../lib/model/python-json';
import { readGgufPlan } from '../../lib/model/read-gguf-plan';
import { type ApprovedRepair, repairFiles } from '../../lib/model/repaired-reader';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { inspectRepaired, inspectSource } from '../../lib/pipeline/inspect-source';
import { createThreadEncoder } from '../../lib/tokenizers/thread-encoder';
import { diskReader } from '../support/disk-reader';

/** What Quantdeck says of a checkpoint, and the folder that it would give to the converter after every repair. */
export interface QuantdeckAnswer {
  /** Codes of all findings, each once. */
  readonly codes: readonly string[];
  readonly severities: readonly Severity[];
  /** Everything that it proposes to change. */
  readonly repair: ApprovedRepair;
  /** Why it stops although every proposed repair was approved; null when it goes on. */
  readonly refusedWith: string | null;
  readonly message: string;
  /** Fields that it says shapes cannot settle. */
  readonly undetermined: readonly UndeterminedField[];
  readonly facts: InspectionView['facts'];
  /** Where the repaired checkpoint is; null when it stops. */
  readonly staged: string | null;
  /**
   * The same after a person has answered the open fields with what the undamaged config.json says; null when nothing
   * was open, or when it stops all the same.
   */
  readonly stagedOnceAnswered: string | null;
}

type World = Parameters<typeof inspectSource>[1];

/** The product's own check, without a hub: these folders have no history and no base model to ask. */
const WORLD = {
  toolchain: { supportsArchitecture: supportsTextArchitecture },
  encodeText: createThreadEncoder(),
  hub: () => Promise.reject(new Error('there is no hub here')),
} as unknown as World;
/** By hash. Damaged ones are few, and all of a corpus fit into memory. */
const SHARED_BYTES = new Map<string, Uint8Array>();
const TAKE_NOTHING = () => Promise.reject(new Error('there is no hub here'));

/**
 * Checks a folder, approves whatever is proposed as a person would with one click, and stages it as the job would.
 * @param healthyFolder the undamaged checkpoint, which knows the answers to open questions.
 */
export async function askQuantdeck(
  folder: string,
  healthyFolder: string,
  stagingFolder: string,
): Promise<QuantdeckAnswer> {
  const source = { reader: sharedReader(folder), evidence: async () => [] };
  const first = await inspectSource(source, WORLD);
  const { undetermined } = first.repair;
  // Files of a base model are not to be had here.
  const fileRepairs = first.repair.files.filter(({ kind }) => kind !== 'take-file-from');
  const repair = { configPatch: first.repair.patch, fileRepairs };
  const last = await inspectRepaired(source, repair, WORLD);
  const answers = await answerFrom(healthyFolder, undetermined);
  const asAnswered = { ...repair, configPatch: { ...repair.configPatch, ...answers } };
  const isAsked = Object.keys(answers).length > 0;
  const following = isAsked ? await inspectRepaired(source, asAnswered, WORLD) : null;
  // What follows from the answers is proposed like the rest, and approved.
  const answered = { ...asAnswered, configPatch: { ...asAnswered.configPatch, ...following?.repair.patch } };
  const afterAnswers = isAsked ? await inspectRepaired(source, answered, WORLD) : null;
  return {
    codes: [...new Set(first.inspection.findings.map((finding) => finding.code))],
    severities: first.inspection.findings.map((finding) => finding.severity),
    repair,
    refusedWith: last.blocking?.code ?? null,
    message: last.blocking?.message ?? first.inspection.findings.map((finding) => finding.message).join(' '),
    undetermined,
    facts: last.inspection.facts,
    staged: last.blocking === null ? await stage(folder, path.join(stagingFolder, 'repaired'), last, repair) : null,
    stagedOnceAnswered:
      afterAnswers?.blocking === null
        ? await stage(folder, path.join(stagingFolder, 'answered'), afterAnswers, answered)
        : null,
  };
}

/**
 * A reader that gives out equal contents as the same bytes: hundreds of cases have the tokenizer.json of a few families, and
 * parsing that once for each look at each case was most of the time that judging a corpus took.
 */
function sharedReader(folder: string): ByteRangeReader {
  const reader = diskReader(folder);
  return {
    ...reader,
    read: async (file, offset, length) => {
      const bytes = await reader.read(file, offset, length);
      if (file !== 'tokenizer.json') return bytes;
      const key = createHash('sha256').update(bytes).digest('hex');
      const same = SHARED_BYTES.get(key) ?? bytes;
      SHARED_BYTES.set(key, same);
      return same;
    },
  };
}

/** What the undamaged config.json says of each open field, if that is a value that a person could give. */
async function answerFrom(folder: string, open: readonly UndeterminedField[]): Promise<ConfigPatch> {
  const config = parsePythonJson(await readFile(path.join(folder, 'config.json'), 'utf8'));
  const answers: Record<string, number | string | boolean | null> = {};
  for (const { field } of open) {
    let value = config;
    for (const part of field.split('.')) value = isObject(value) ? value[part] : undefined;
    if (field === 'architectures' && Array.isArray(value)) [value] = value;
    if (value === null || ['number', 'string', 'boolean'].includes(typeof value))
      answers[field] = value as number | string | boolean | null;
  }
  return answers;
}

/** The checkpoint's files by links, with the repaired ones in place of their own. */
async function stage(
  folder: string,
  stagingFolder: string,
  { files }: CheckpointInspection,
  repair: ApprovedRepair,
): Promise<string> {
  const target = path.join(stagingFolder, path.basename(folder));
  await rm(target, { recursive: true, force: true });
  const repaired = await repairFiles(diskReader(folder), repair, TAKE_NOTHING);
  for (const file of files.filter((name) => !repaired.has(name))) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await symlink(path.join(folder, file), path.join(target, file));
  }
  for (const [file, bytes] of repaired) if (bytes) await writeFile(path.join(target, file), bytes);
  return target;
}

/** What the job's check of a written GGUF says; empty when it is sound. */
export async function problemsAfterConverting(
  folder: string,
  gguf: { readonly file: string; readonly sizeBytes: number },
  { facts, repair }: QuantdeckAnswer,
): Promise<readonly string[]> {
  const planned = await readGgufPlan(diskReader(folder), repair);
  const proof = planned?.plan ? { plan: planned.plan, config: planned.config } : null;
  const reader = diskReader(path.dirname(gguf.file));
  const { problems } = await checkGgufStructure(reader, path.basename(gguf.file), gguf.sizeBytes, { facts }, proof);
  return problems;
}
