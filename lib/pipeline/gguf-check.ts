import path from 'node:path/posix';
import { type Failure, FailureError } from '../domain/failure';
import { checkGgufStructure, type GgufProof, type GgufStructure } from '../model/gguf-structure';
import { hostFolderReader } from './checkpoint-reader';
import { required } from './earlier-results';
import type { RemoteFile } from './host-port';
import type { ProvenHeader } from './proven-headers';
import type { StepContext } from './step-context';
import { promptFor } from './verify-prompt';

export type GgufCheck =
  | { readonly state: 'missing' }
  | { readonly state: 'unsound'; readonly failure: Failure }
  | { readonly state: 'sound'; readonly file: RemoteFile; readonly header: ProvenHeader };

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
  const stat = await context.host.withSession((session) => session.stat(file), context.signal);
  if (stat === null) return { state: 'missing' };
  const { problems, ...header } = await readHeader(context, stat, await proof());
  return problems.length === 0
    ? { state: 'sound', file: stat, header }
    : { state: 'unsound', failure: unsound(path.basename(file), problems) };
}

/** What the header of a file on the host says, with what is wrong with it; read unless this run of the job has done so. */
export async function headerOf(
  context: StepContext,
  file: RemoteFile,
): Promise<ProvenHeader & Pick<GgufStructure, 'problems'>> {
  const known = context.headers.of(file);
  return known ? { ...known, problems: [] } : readHeader(context, file, null);
}

async function readHeader(context: StepContext, file: RemoteFile, proof: GgufProof | null) {
  const name = path.basename(file.path);
  const reader = hostFolderReader(context, path.dirname(file.path), [name]);
  const facts = required(context.earlier.inspection, 'inspection');
  const read = await checkGgufStructure(reader, name, file.sizeBytes, facts, proof);
  const { architecture, tensorCount, problems } = read;
  const header = { architecture, tensorCount, prompt: promptFor(read.header) };
  if (problems.length === 0) context.headers.keep(file, header);
  return { ...header, problems };
}

function unsound(name: string, problems: readonly string[]): Failure {
  return new FailureError('output-invalid', `${name} was written, but it is not sound: ${problems[0]}`, {
    remedy: 'Retry the step: the file is written again. If it stays, look at the log for what the tool said.',
    evidence: problems.slice(0, 10),
  }).failure;
}
