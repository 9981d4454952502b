import path from 'node:path/posix';
import { FailureError } from '../../domain/failure';
import { patchConfigText } from '../../model/config-patch';
import { readJsonDocument } from '../../model/json-file';
import { hostFolderReader } from '../checkpoint-reader';
import { required } from '../earlier-results';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';

const CONFIG_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Writes the config.json that the person approved beside the original, into the job's own folder: the source folder may
 * belong to another job or to the person, and stays as it is.
 */
export const repairModel: StepDefinition = {
  kind: 'repair-model',

  async check(context: StepContext): Promise<CheckResult> {
    if (Object.keys(context.spec.configPatch).length === 0) return { done: false };
    const wanted = await patchedConfig(context);
    const there = await readRepaired(context);
    return there === wanted ? { done: true, result: { patch: context.spec.configPatch } } : { done: false };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const patch = context.spec.configPatch;
    if (Object.keys(patch).length === 0) return { kind: 'skip', reason: 'config.json agrees with the tensors' };
    return {
      kind: 'local',
      command: `write a repaired config.json (${Object.keys(patch).join(', ')}), original kept beside it`,
      run: () => writeRepaired(context),
    };
  },
};

async function writeRepaired(context: StepContext): Promise<void> {
  const { repaired } = context.workspace;
  const { folder } = required(context.earlier.source, 'fetched source');
  const patched = await patchedConfig(context);
  const { shell } = context.world;
  await context.host.withSession(async (session) => {
    await session.exec(shell.command(['mkdir', '-p', repaired]));
    await session.exec(shell.command(['cp', `${folder}/config.json`, path.join(repaired, 'config.json.original')]));
    await session.writeFile(path.join(repaired, 'config.json'), patched);
  }, context.signal);
  for (const [field, value] of Object.entries(context.spec.configPatch)) {
    await context.log.line(`  ${field} = ${JSON.stringify(value)}`);
  }
}

async function patchedConfig(context: StepContext): Promise<string> {
  const { folder } = required(context.earlier.source, 'fetched source');
  const reader = hostFolderReader(context, folder, ['config.json']);
  const original = await readJsonDocument(reader, 'config.json', {
    maxBytes: CONFIG_LIMIT_BYTES,
    code: 'model-config-missing',
  });
  if (original) return patchConfigText(original.text, context.spec.configPatch);
  throw new FailureError('model-config-missing', 'There is no config.json to repair.', {
    remedy: 'Take config.json from the base model, or from an earlier revision of this one.',
  });
}

async function readRepaired(context: StepContext): Promise<string | null> {
  const file = path.join(context.workspace.repaired, 'config.json');
  return context.host.withSession(async (session) => {
    const stat = await session.stat(file);
    if (!stat || stat.sizeBytes > CONFIG_LIMIT_BYTES) return null;
    return new TextDecoder().decode(await session.readRange(file, 0, stat.sizeBytes));
  }, context.signal);
}
