import { FailureError } from '../domain/failure';
import type { PipelineDependencies } from './step-context';

/** Tokenizer files, the only ones that a repair takes from elsewhere, are smaller; weights are never taken. */
const MAX_TAKEN_BYTES = 64 * 1024 * 1024;

/**
 * A file of another model of the hub, as it is there now: for repairs that take the tokenizer of the base model.
 * @throws FailureError `artifact-missing`… as the hub's calls, `download-failed` when it is not there or too large.
 */
export async function takeFile(
  world: Pick<PipelineDependencies, 'hub'>,
  repo: string,
  file: string,
): Promise<Uint8Array> {
  const hub = await world.hub();
  const listing = await hub.list(repo, 'main');
  const listed = listing.files.find((entry) => entry.path === file);
  if (listed && listed.sizeBytes <= MAX_TAKEN_BYTES) return hub.reader(listing).read(file, 0, listed.sizeBytes);
  throw new FailureError('download-failed', `${repo} has no ${file} that could be taken for the repair.`, {
    remedy: 'Copy the file into the checkpoint by hand, or choose another repair.',
  });
}
