import path from 'node:path/posix';
import { type Failure, FailureError } from '../domain/failure';
import { checkGgufStructure, type GgufProof } from '../model/gguf-structure';
import { hostFolderReader } from './checkpoint-reader';
import { required } from './earlier-results';
import type { StepContext } from './step-context';

/**
 * Reads a GGUF's header on the host and compares it with the source's facts, and with every tensor that was planned from
 * it. Null when it is sound, 'missing' when there is no file, else what is wrong with it.
 * @param proof is only asked for once the file is there; null for a family whose tensors are not planned.
 */
export async function checkGguf(
  context: StepContext,
  file: string,
  proof: () => Promise<GgufProof | null> = async () => null,
): Promise<Failure | 'missing' | null> {
  const name = path.basename(file);
  const reader = hostFolderReader(context, path.dirname(file), [name]);
  const sizeBytes = await reader.sizeBytes(name);
  if (sizeBytes === null) return 'missing';
  const structure = await checkGgufStructure(
    reader,
    name,
    sizeBytes,
    required(context.earlier.inspection, 'inspection'),
    await proof(),
  );
  if (structure.problems.length === 0) return null;
  return new FailureError('output-invalid', `${name} was written, but it is not sound: ${structure.problems[0]}`, {
    remedy: 'Retry the step: the file is written again. If it stays, look at the log for what the tool said.',
    evidence: structure.problems.slice(0, 10),
  }).failure;
}
