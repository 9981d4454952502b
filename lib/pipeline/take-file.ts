import { FailureError } from '../domain/failure';
import type { TakenFile } from '../model/repaired-reader';
import type { Hub, HubListing } from './ports';
import type { PipelineDependencies } from './step-context';

/** Tokenizer files, the only ones that a repair takes from elsewhere, are smaller; weights are never taken. */
const MAX_TAKEN_BYTES = 64 * 1024 * 1024;

/**
 * Brings files of other models of the hub for one repair, at the commit that it names: the tokenizer of the base model.
 * The brought function throws what the hub's calls throw, and `download-failed` when a file is not there or too large.
 */
export function fileTaker(world: Pick<PipelineDependencies, 'hub'>): (wanted: TakenFile) => Promise<Uint8Array> {
  const listings = new Map<string, Promise<{ hub: Hub; listing: HubListing }>>();
  const open = async (repo: string, revision: string) => {
    const hub = await world.hub();
    return { hub, listing: await hub.list(repo, revision) };
  };
  return async ({ repo, file, commit = 'main' }) => {
    const key = `${repo}@${commit}`;
    const opened = listings.get(key) ?? open(repo, commit);
    listings.set(key, opened);
    const { hub, listing } = await opened;
    const listed = listing.files.find((entry) => entry.path === file);
    if (listed && listed.sizeBytes <= MAX_TAKEN_BYTES) return hub.reader(listing).read(file, 0, listed.sizeBytes);
    throw new FailureError('download-failed', `${repo} has no ${file} that could be taken for the repair.`, {
      remedy: 'Copy the file into the checkpoint by hand, or choose another repair.',
    });
  };
}
