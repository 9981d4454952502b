import type { GgufProof } from '../model/gguf-structure';
import { readGgufPlan } from '../model/read-gguf-plan';
import { hostFolderReader } from './checkpoint-reader';
import { required } from './earlier-results';
import type { StepContext } from './step-context';

/**
 * What the GGUF must hold, from the headers of the source as it lies on the host and config.json as repaired. Null for a
 * family whose tensors are not planned, and for a source that is not there any more: then only the header itself and
 * the facts stored before are compared.
 */
export async function readGgufProof(context: StepContext): Promise<GgufProof | null> {
  const { folder, files } = required(context.earlier.source, 'fetched source');
  const planned = await readGgufPlan(hostFolderReader(context, folder, files), context.spec);
  return planned?.plan ? { plan: planned.plan, config: planned.config } : null;
}
