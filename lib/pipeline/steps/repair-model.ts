import path from 'node:path/posix';
import { applyConfigPatch } from '../../model/config-patch';
import { required } from '../earlier-results';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';

/**
 * Writes the config.json that the person approved beside the original, into the job's own folder: the source folder may
 * belong to another job or to the person, and stays as it is.
 */
export const repairModel: StepDefinition = {
  kind: 'repair-model',

  async check(context: StepContext): Promise<CheckResult> {
    if (Object.keys(context.spec.configPatch).length === 0) return { done: false };
    const wanted = await patchedConfig(context);
    const there = await readText(context, path.join(context.workspace.repaired, 'config.json'));
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
  const source = required(context.earlier.source, 'fetched source');
  const original = (await readText(context, path.join(source.folder, 'config.json'))) ?? '';
  const patched = await patchedConfig(context);
  await context.host.withSession(async (session) => {
    await session.exec(context.world.shell.command(['mkdir', '-p', repaired]));
    await session.writeFile(path.join(repaired, 'config.json.original'), original);
    await session.writeFile(path.join(repaired, 'config.json'), patched);
  }, context.signal);
  const before = JSON.parse(original || '{}') as Record<string, unknown>;
  for (const [field, value] of Object.entries(context.spec.configPatch)) {
    await context.log.line(`  ${field}: ${JSON.stringify(before[field] ?? null)} -> ${JSON.stringify(value)}`);
  }
}

async function patchedConfig(context: StepContext): Promise<string> {
  const source = required(context.earlier.source, 'fetched source');
  const original = (await readText(context, path.join(source.folder, 'config.json'))) ?? '{}';
  const config = JSON.parse(original) as Record<string, unknown>;
  return `${JSON.stringify(applyConfigPatch(config, context.spec.configPatch), null, 2)}\n`;
}

const CONFIG_LIMIT_BYTES = 4 * 1024 * 1024;

async function readText(context: StepContext, file: string): Promise<string | null> {
  return context.host.withSession(async (session) => {
    const stat = await session.stat(file);
    if (!stat || stat.sizeBytes > CONFIG_LIMIT_BYTES) return null;
    return new TextDecoder().decode(await session.readRange(file, 0, stat.sizeBytes));
  }, context.signal);
}
