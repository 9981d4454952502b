import path from 'node:path/posix';
import { type Failure, FailureError } from '../domain/failure';
import type { GgufHeader } from '../model/gguf-header';
import { checkGgufStructure, type GgufProof } from '../model/gguf-structure';
import { hostFolderReader } from './checkpoint-reader';
import { required } from './earlier-results';
import type { StepContext } from './step-context';

export type GgufCheck =
  | { readonly state: 'missing' }
  | { readonly state: 'unsound'; readonly failure: Failure }
  | { readonly state: 'sound'; readonly header: GgufHeader | null };

/**
 * Reads a GGUF's header on the host and compares it with the source's facts, and with every tensor that was planned from
 * it.
 * @param proof is only asked for once the file is there; null for a family whose tensors are not planned.
 */
export async function checkGguf(
  context: StepContext,
  file: string,
  proof: () => Promise<GgufProof | null> = async () => null,
): Promise<GgufCheck> {
  const name = path.basename(file);
  const reader = hostFolderReader(context, path.dirname(file), [name]);
  const sizeBytes = await reader.sizeBytes(name);
  if (sizeBytes === null) return { state: 'missing' };
  const { problems, header } = await checkGgufStructure(
    reader,
    name,
    sizeBytes,
    required(context.earlier.inspection, 'inspection'),
    await proof(),
  );
  return problems.length === 0 ? { state: 'sound', header } : { state: 'unsound', failure: unsound(name, problems) };
}

function unsound(name: string, problems: readonly string[]): Failure {
  return new FailureError('output-invalid', `${name} was written, but it is not sound: ${problems[0]}`, {
    remedy: 'Retry the step: the file is written again. If it stays, look at the log for what the tool said.',
    evidence: problems.slice(0, 10),
  }).failure;
}
