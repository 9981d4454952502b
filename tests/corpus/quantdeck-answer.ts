import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import type { Severity } from '../../lib/domain/finding';
import type { UndeterminedField } from '../../lib/domain/model-check';
import type { InspectionView } from '../../lib/domain/views';
import { isObject } from '../../lib/model/config-reader';
import { patchConfigText } from '../../lib/model/config-text-patch';
import { checkGgufStructure } from '../../lib/model/gguf-structure';
import { type CheckpointInspection, inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { readJsonDocument } from '../../lib/model/json-file';
import { type RepairedFiles, repairedReader, repairFiles } from '../../lib/model/repaired-reader';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { diskReader } from '../support/disk-reader';

/** What Quantdeck says of a checkpoint, and the folder that it would give to the converter after every repair. */
export interface QuantdeckAnswer {
  /** Codes of all findings, each once. */
  readonly codes: readonly string[];
  readonly severities: readonly Severity[];
  readonly patch: ConfigPatch | null;
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

const CONFIG = { maxBytes: 8 * 1024 * 1024, code: 'model-config-missing' } as const;
const BASE = { supportsArchitecture: supportsTextArchitecture };

/**
 * Checks a folder, approves whatever is proposed as a person would with one click, and stages it as the job would.
 * @param healthyFolder the undamaged checkpoint, which knows the answers to open questions.
 */
export async function askQuantdeck(
  folder: string,
  healthyFolder: string,
  stagingFolder: string,
): Promise<QuantdeckAnswer> {
  const first = await inspectCheckpoint(diskReader(folder), BASE);
  const patch = first.proposedPatch;
  const files = await repairedFiles(folder, first);
  const reader = repairedReader(diskReader(folder), files);
  const { undetermined } = first.repair;
  const answers = await answerFrom(healthyFolder, undetermined);
  const last = await inspectCheckpoint(reader, { ...BASE, configPatch: patch ?? {} });
  return {
    codes: [...new Set(first.inspection.findings.map((finding) => finding.code))],
    severities: first.inspection.findings.map((finding) => finding.severity),
    patch,
    refusedWith: last.blocking?.code ?? null,
    message: last.blocking?.message ?? first.inspection.findings.map((finding) => finding.message).join(' '),
    undetermined,
    facts: last.inspection.facts,
    staged:
      last.blocking === null ? await stage(folder, path.join(stagingFolder, 'repaired'), last, files, patch) : null,
    stagedOnceAnswered: await stageAnswered(folder, path.join(stagingFolder, 'answered'), files, {
      ...patch,
      ...answers,
    }),
  };
}

/** The proposed changes to other files than config.json. Files of a base model are not to be had here. */
async function repairedFiles(folder: string, { repair }: CheckpointInspection): Promise<RepairedFiles> {
  const fileRepairs = repair.files.filter(({ kind }) => kind !== 'take-file-from');
  return repairFiles(diskReader(folder), { configPatch: {}, fileRepairs }, () => Promise.reject(new Error('no hub')));
}

async function stageAnswered(
  folder: string,
  stagingFolder: string,
  files: RepairedFiles,
  configPatch: ConfigPatch,
): Promise<string | null> {
  if (Object.keys(configPatch).length === 0) return null;
  const reader = repairedReader(diskReader(folder), files);
  const last = await inspectCheckpoint(reader, { ...BASE, configPatch });
  return last.blocking === null ? stage(folder, stagingFolder, last, files, configPatch) : null;
}

/** What the undamaged config.json says of each open field, if that is a value that a person could give. */
async function answerFrom(folder: string, open: readonly UndeterminedField[]): Promise<ConfigPatch> {
  const config: unknown = JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8'));
  const answers: Record<string, number | string | boolean | null> = {};
  for (const { field } of open) {
    let value = config;
    for (const part of field.split('.')) value = isObject(value) ? value[part] : undefined;
    if (value === null || ['number', 'string', 'boolean'].includes(typeof value))
      answers[field] = value as number | string | boolean | null;
  }
  return answers;
}

/** The checkpoint's files by links, with the repaired config.json in place of its own. */
async function stage(
  folder: string,
  stagingFolder: string,
  { files }: CheckpointInspection,
  repaired: RepairedFiles,
  patch: ConfigPatch | null,
): Promise<string> {
  const target = path.join(stagingFolder, path.basename(folder));
  await rm(target, { recursive: true, force: true });
  for (const file of files) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    const bytes = repaired.get(file);
    if (bytes) await writeFile(path.join(target, file), bytes);
    else await symlink(path.join(folder, file), path.join(target, file));
  }
  if (patch === null) return target;
  const config = await readJsonDocument(diskReader(folder), 'config.json', CONFIG);
  await rm(path.join(target, 'config.json'));
  await writeFile(path.join(target, 'config.json'), patchConfigText(config?.text ?? '{}', patch));
  return target;
}

/** What the check after converting says against a GGUF; empty when it is sound. */
export async function problemsAfterConverting(
  file: string,
  sizeBytes: number,
  answer: QuantdeckAnswer,
): Promise<readonly string[]> {
  const reader = diskReader(path.dirname(file));
  const { problems } = await checkGgufStructure(reader, path.basename(file), sizeBytes, { facts: answer.facts });
  return problems;
}
