import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigPatch } from '../../lib/domain/conversion-spec';
import type { Severity } from '../../lib/domain/finding';
import type { InspectionView } from '../../lib/domain/views';
import { patchConfigText } from '../../lib/model/config-patch';
import { checkGgufStructure } from '../../lib/model/gguf-structure';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
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
  readonly undetermined: readonly string[];
  readonly facts: InspectionView['facts'];
  /** Where the repaired checkpoint is; null when it stops. */
  readonly staged: string | null;
}

/** Checks a folder, approves whatever is proposed as a person would with one click, and stages it as the job would. */
export async function askQuantdeck(folder: string, stagingFolder: string): Promise<QuantdeckAnswer> {
  const reader = diskReader(folder);
  const options = { supportsArchitecture: supportsTextArchitecture };
  const first = await inspectCheckpoint(reader, options);
  const patch = first.proposedPatch;
  const last = patch === null ? first : await inspectCheckpoint(reader, { ...options, configPatch: patch });
  const staged = last.blocking === null ? await stage(folder, stagingFolder, last.files, patch) : null;
  return {
    codes: [...new Set(first.inspection.findings.map((finding) => finding.code))],
    severities: first.inspection.findings.map((finding) => finding.severity),
    patch,
    refusedWith: last.blocking?.code ?? null,
    message: last.blocking?.message ?? first.inspection.findings.map((finding) => finding.message).join(' '),
    undetermined: first.repair.undetermined.map(({ field }) => field),
    facts: last.inspection.facts,
    staged,
  };
}

/** The checkpoint's files by links, with the repaired config.json in place of its own. */
async function stage(
  folder: string,
  stagingFolder: string,
  files: readonly string[],
  patch: ConfigPatch | null,
): Promise<string> {
  const target = path.join(stagingFolder, path.basename(folder));
  await rm(target, { recursive: true, force: true });
  for (const file of files) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await symlink(path.join(folder, file), path.join(target, file));
  }
  if (patch === null) return target;
  const options = { maxBytes: 2 ** 23, code: 'model-config-missing' } as const;
  const config = await readJsonDocument(diskReader(folder), 'config.json', options);
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
