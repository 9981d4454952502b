import path from 'node:path/posix';
import { type ApprovedRepair, hasRepair, type RepairedFiles, repairFiles } from '../../model/repaired-reader';
import { hostFolderReader } from '../checkpoint-reader';
import { required } from '../earlier-results';
import type { RepairedModel, StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { fileTaker } from '../take-file';

/**
 * Writes the files that the person approved beside their originals, into the job's own folder: the source folder may
 * belong to another job or to the person, and stays as it is.
 */
export const repairModel: StepDefinition = {
  kind: 'repair-model',

  async check(context: StepContext): Promise<CheckResult> {
    if (!hasRepair(context.spec)) return { done: false };
    const files = await wantedFiles(context);
    const areThere = await Promise.all(
      [...files].map(([file, bytes]) => bytes === null || isThere(context, file, bytes)),
    );
    return areThere.every(Boolean) ? { done: true, result: resultOf(files) } : { done: false };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    if (!hasRepair(context.spec)) return { kind: 'skip', reason: 'config.json agrees with the tensors' };
    return {
      kind: 'local',
      command: `repair ${describe(context.spec)}; originals are kept beside the repaired files`,
      run: () => writeRepaired(context),
    };
  },
};

/** What the repair makes of the source's files. Kept for the life of a context: files of other models are fetched once. */
function wantedFiles(context: StepContext): Promise<RepairedFiles> {
  const known = wanted.get(context);
  if (known) return known;
  const { folder, files } = required(context.earlier.source, 'fetched source');
  const reader = hostFolderReader(context, folder, files);
  const made = repairFiles(reader, context.spec, fileTaker(context.world));
  wanted.set(context, made);
  return made;
}
const wanted = new WeakMap<StepContext, Promise<RepairedFiles>>();

async function writeRepaired(context: StepContext): Promise<void> {
  const { repaired } = context.workspace;
  const { folder, files: present } = required(context.earlier.source, 'fetched source');
  const { shell } = context.world;
  const files = await wantedFiles(context);
  for (const [file, bytes] of files) {
    if (bytes === null) continue;
    const target = path.join(repaired, file);
    await context.host.withSession(async (session) => {
      await session.exec(shell.command(['mkdir', '-p', path.dirname(target)]));
      if (present.includes(file))
        await session.exec(shell.command(['cp', path.join(folder, file), `${target}.original`]));
      await session.writeFile(target, bytes);
    }, context.signal);
    await context.log.line(`wrote ${file}`);
  }
  for (const [field, value] of Object.entries(context.spec.configPatch)) {
    const whose = context.spec.answeredFields.includes(field) ? ' (you said so)' : '';
    await context.log.line(`  config.json: ${field} = ${JSON.stringify(value)}${whose}`);
  }
  for (const repair of context.spec.fileRepairs) await context.log.line(`  ${JSON.stringify(repair)}`);
}

async function isThere(context: StepContext, file: string, bytes: Uint8Array): Promise<boolean> {
  const target = path.join(context.workspace.repaired, file);
  return context.host.withSession(async (session) => {
    const stat = await session.stat(target);
    if (stat?.sizeBytes !== bytes.length) return false;
    return Buffer.from(await session.readRange(target, 0, stat.sizeBytes)).equals(bytes);
  }, context.signal);
}

function resultOf(files: RepairedFiles): RepairedModel {
  const all = [...files];
  return {
    written: all.filter(([, bytes]) => bytes !== null).map(([file]) => file),
    leftOut: all.filter(([, bytes]) => bytes === null).map(([file]) => file),
  };
}

function describe({ configPatch, fileRepairs }: ApprovedRepair): string {
  const fields = Object.keys(configPatch);
  const parts = fileRepairs.map((repair) =>
    repair.kind === 'leave-out' ? `leave out ${repair.files.join(', ')}` : repair.file,
  );
  return [...(fields.length > 0 ? [`config.json (${fields.join(', ')})`] : []), ...parts].join('; ');
}
