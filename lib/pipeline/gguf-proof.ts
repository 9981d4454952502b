import type { ByteRangeReader } from '../model/byte-range-reader';
import type { GgufProof } from '../model/gguf-structure';
import { readGgufPlan } from '../model/read-gguf-plan';
import { hostFolderReader } from './checkpoint-reader';
import { required } from './earlier-results';
import type { StepContext } from './step-context';

/**
 * What the GGUF must hold, from the headers of the source as it lies on the host and config.json as repaired. Null for a
 * family whose tensors are not planned, and for a source that is not there any more: then only the header itself and
 * the facts stored before are compared.
 * @param reader one that has read the source already, where there is one: a checkpoint may have a hundred headers.
 */
export async function readGgufProof(context: StepContext, reader = sourceReader(context)): Promise<GgufProof | null> {
  const planned = await readGgufPlan(reader, context.spec);
  return planned?.plan ? { plan: planned.plan, config: planned.config } : null;
}

function sourceReader(context: StepContext): ByteRangeReader {
  const { folder, files } = required(context.earlier.source, 'fetched source');
  return hostFolderReader(context, folder, files);
}
