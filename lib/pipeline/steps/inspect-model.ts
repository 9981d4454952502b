import { FailureError, isFailureError } from '../../domain/failure';
import { baseTypeOf } from '../../model/base-type';
import type { ConfigEvidence } from '../../model/config-evidence';
import type { CheckpointInspection } from '../../model/inspect-checkpoint';
import { rememberingReader } from '../../model/remembering-reader';
import { hasRepair } from '../../model/repaired-reader';
import { hostFolderReader } from '../checkpoint-reader';
import { required } from '../earlier-results';
import { readGgufProof } from '../gguf-proof';
import { type InspectedSource, inspectRepaired, inspectSource } from '../inspect-source';
import { learnTokenizer } from '../known-tokenizers';
import { pinnedListing } from '../pinned-listing';
import { refuseTooSmallHost } from '../room-check';
import type { InspectedModel, StepContext } from '../step-context';
import type { StepDefinition } from '../step-definition';

/**
 * Reads the headers of the checkpoint and compares config.json with what the tensors prove. A contradiction stops the
 * job here: llama.cpp would convert it, exit 0, and give a file that does not load or, worse, talks nonsense.
 */
export const inspectModel: StepDefinition = {
  kind: 'inspect-model',

  // Reading headers takes a second and leaves nothing on the host, so it is simply done anew.
  async check(context) {
    const done = inspections.get(context);
    return done ? { done: true, result: done } : { done: false };
  },

  async plan(context) {
    return {
      kind: 'local',
      command: 'read the headers of all weight files and compare config.json with the tensors',
      run: () => inspect(context),
    };
  },
};

/** Carries the finding from `run` to the `check` that follows it, for the life of one context. */
const inspections = new WeakMap<StepContext, InspectedModel>();

async function inspect(context: StepContext): Promise<void> {
  const source = required(context.earlier.source, 'fetched source');
  const seen: InspectedSource = {
    reader: rememberingReader(hostFolderReader(context, source.folder, source.files)),
    evidence: (origin) => evidenceOf(context, origin),
  };
  const found = await inspectSource(seen, context.world);
  const last = hasRepair(context.spec) ? await inspectRepaired(seen, context.spec, context.world) : found;
  const { blocking } = last;
  const proposed = blocking ? await usefulRepair(seen, last, context) : null;
  const { inspection } = found;
  await context.world.ledger.recordInspection(context.lease, inspection, proposed);
  await logInspection(context, found);
  if (blocking) throw new FailureError(blocking.code, blocking.message, blocking);
  const { dtype } = found;
  const { parameterCount, facts } = inspection;
  const baseType = baseTypeOf(context.spec, dtype);
  const tensors = (await readGgufProof(context, seen.reader))?.plan ?? null;
  await refuseTooSmallHost(context, { toFetchBytes: 0, parameterCount, baseType, tensors });
  await learnTokenizer(found.readWholeTokenizer, context.spec.source, context.world);
  inspections.set(context, { dtype, parameterCount, facts });
}

/**
 * The proposed repair, if nothing would stop the job once it is applied on top of what was approved; a repair that does not
 * help is not offered.
 */
async function usefulRepair(seen: InspectedSource, { repair }: CheckpointInspection, context: StepContext) {
  if (!hasRepair({ configPatch: repair.patch, fileRepairs: repair.files })) return null;
  const { configPatch, fileRepairs } = context.spec;
  const both = { configPatch: { ...configPatch, ...repair.patch }, fileRepairs: [...fileRepairs, ...repair.files] };
  const after = await inspectRepaired(seen, both, context.world);
  return after.blocking === null ? { patch: repair.patch, files: repair.files } : null;
}

async function logInspection({ log }: StepContext, { inspection, dtype }: CheckpointInspection): Promise<void> {
  await log.line(
    `${inspection.architecture ?? 'unknown architecture'}: ${inspection.tensorCount} tensors, ${inspection.parameterCount} parameters, ${dtype ?? 'mixed types'}`,
  );
  for (const [field, fact] of Object.entries(inspection.facts)) {
    await log.line(`  ${field} = ${fact.value}  (${fact.tensor} [${fact.shape.join(', ')}])`);
  }
  for (const finding of inspection.findings) await log.line(`${finding.severity}: ${finding.message}`);
}

/** The hub may know what a config.json has lost; a folder stands alone. Without the hub the job does without. */
async function evidenceOf(
  context: StepContext,
  origin: 'earlier-revision' | 'base-model',
): Promise<readonly ConfigEvidence[]> {
  const { source } = context.spec;
  if (source.kind !== 'hub') return [];
  try {
    const hub = await context.world.hub();
    return await hub.evidence(await pinnedListing(context, source), origin);
  } catch (error) {
    if (!isFailureError(error)) throw error;
    await context.log.line(`The hub was asked for other versions of config.json and did not answer: ${error.message}`);
    return [];
  }
}
