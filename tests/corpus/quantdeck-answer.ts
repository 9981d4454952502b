import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import type { Severity } from '../../lib/domain/finding';
import type { UndeterminedField } from '../../lib/domain/model-check';
import type { InspectionView } from '../../lib/domain/views';
import { isObject } from '../../lib/model/config-reader';
import { patchConfigText } from '../../lib/model/config-text-patch';
import { checkGgufStructure } from '../../lib/model/gguf-structure';
import { type CheckpointInspection, type InspectOptions, inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { readJsonDocument } from '../../lib/model/json-file';
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
  const leaveOut = first.repair.files.flatMap((repair) => (repair.kind === 'leave-out' ? repair.files : []));
  const patch = first.proposedPatch;
  const approved = { ...BASE, leaveOut, ...(patch === null ? {} : { configPatch: patch }) };
  const { undetermined } = first.repair;
  const answers = await answerFrom(healthyFolder, undetermined);
  const last = await inspectCheckpoint(diskReader(folder), approved);
  return {
    codes: [...new Set(first.inspection.findings.map((finding) => finding.code))],
    severities: first.inspection.findings.map((finding) => finding.severity),
    patch,
    refusedWith: last.blocking?.code ?? null,
    message: last.blocking?.message ?? first.inspection.findings.map((finding) => finding.message).join(' '),
    undetermined,
    facts: last.inspection.facts,
    staged: last.blocking === null ? await stage(folder, path.join(stagingFolder, 'repaired'), last, patch) : null,
    stagedOnceAnswered: await stageAnswered(folder, path.join(stagingFolder, 'answered'), approved, answers),
  };
}

async function stageAnswered(
  folder: string,
  stagingFolder: string,
  options: InspectOptions,
  answers: ConfigPatch,
): Promise<string | null> {
  if (Object.keys(answers).length === 0) return null;
  const configPatch = { ...options.configPatch, ...answers };
  const last = await inspectCheckpoint(diskReader(folder), { ...options, configPatch });
  return last.blocking === null ? stage(folder, stagingFolder, last, configPatch) : null;
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
  patch: ConfigPatch | null,
): Promise<string> {
  const target = path.join(stagingFolder, path.basename(folder));
  await rm(target, { recursive: true, force: true });
  for (const file of files) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await symlink(path.join(folder, file), path.join(target, file));
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
