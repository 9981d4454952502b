import { FailureError } from '../../domain/failure';
import { inspectCheckpoint } from '../../model/inspect-checkpoint';
import { baseTypeOf } from '../base-type';
import { hostFolderReader } from '../checkpoint-reader';
import { required } from '../earlier-results';
import { readGgufProof } from '../gguf-proof';
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
  const { ledger, toolchain } = context.world;
  const source = required(context.earlier.source, 'fetched source');
  const reader = hostFolderReader(context, source.folder, source.files);
  const found = await inspectCheckpoint(reader, {
    supportsArchitecture: (name) => toolchain.supportsArchitecture(name),
    configPatch: context.spec.configPatch,
  });
  await ledger.recordInspection(context.lease, found.inspection, found.proposedPatch);
  const { inspection } = found;
  await context.log.line(
    `${inspection.architecture ?? 'unknown architecture'}: ${inspection.tensorCount} tensors, ${inspection.parameterCount} parameters, ${found.dtype ?? 'mixed types'}`,
  );
  for (const [field, fact] of Object.entries(inspection.facts)) {
    await context.log.line(`  ${field} = ${fact.value}  (${fact.tensor} [${fact.shape.join(', ')}])`);
  }
  for (const finding of inspection.findings) await context.log.line(`${finding.severity}: ${finding.message}`);
  const { blocking } = found;
  if (blocking) throw new FailureError(blocking.code, blocking.message, blocking);
  await refuseTooSmallHost(context, {
    toFetchBytes: 0,
    parameterCount: inspection.parameterCount,
    baseType: baseTypeOf(context.spec, found.dtype),
    tensors: (await readGgufProof(context))?.plan ?? null,
  });
  inspections.set(context, {
    dtype: found.dtype,
    parameterCount: inspection.parameterCount,
    facts: inspection.facts,
  });
}
