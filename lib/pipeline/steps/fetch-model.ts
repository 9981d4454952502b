import path from 'node:path/posix';
import { FailureError } from '../../domain/failure';
import { chooseCheckpointFiles } from '../../model/checkpoint-files';
import { allocatedBytes } from '../allocated-bytes';
import { pythonForFetch } from '../fetch-python';
import { isOpen } from '../ledger-port';
import { markerFailure, markerProgress } from '../marker-line';
import { pinnedListing } from '../pinned-listing';
import type { HubFile, HubListing } from '../ports';
import { admitFetch } from '../room-check';
import type { FetchedSource, StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { isWholeFolder } from '../whole-folder';
import { hubModelFolder } from '../workspace';
import { checkFolderSource, planFolderSource } from './fetch-folder';

/** Written by the fetch program as its last act, after every hash was checked. */
const COMPLETE_STAMP = '.quantdeck-complete.json';

/** Gets the checkpoint onto the host, every file hashed: from the hub at a pinned commit, or from a folder. */
export const fetchModel: StepDefinition = {
  kind: 'fetch-model',

  async check(context: StepContext, when: 'before' | 'after'): Promise<CheckResult> {
    const { source } = context.spec;
    // What a person asks for again is looked at file by file, whatever an earlier run was sure of.
    if (context.step.isAgain && when === 'before') return { done: false };
    if (source.kind === 'folder') return checkFolderSource(context, source, when);
    const listing = await pinnedListing(context, source);
    const files = checkpointFiles(listing);
    const folder = hubModelFolder(context.workspace, listing.repo, listing.commit);
    if (!(await isWholeFolder(context, folder, COMPLETE_STAMP, files))) return { done: false };
    const result: FetchedSource = {
      folder,
      files: files.map((file) => file.path),
      commit: listing.commit,
      totalBytes: totalBytes(files),
    };
    return { done: true, result };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { source } = context.spec;
    if (source.kind === 'folder') return planFolderSource(context, source);
    const hub = await context.world.hub();
    const listing = await pinnedListing(context, source);
    const files = checkpointFiles(listing);
    const folder = hubModelFolder(context.workspace, listing.repo, listing.commit);
    await admitFetch(context, files, () => allocatedBytes(context, folder, files));
    const python = await pythonForFetch(context);
    // The program hashes what is there. Until it has, nobody may take the folder for whole: neither another job nor we.
    if (context.step.isAgain && !isOpen(context.step.attempt)) await forget(context, path.join(folder, COMPLETE_STAMP));
    const program = await hub.fetchProgram({ listing, files, folder, python });
    return { kind: 'remote', ...program, progress: markerProgress(), explain: (tail) => markerFailure(tail) };
  },
};

async function forget({ host, world, signal }: StepContext, file: string): Promise<void> {
  const remove = world.shell.command(['rm', '-f', file]);
  const { exitCode, stderr } = await host.withSession((session) => session.exec(remove, { signal }), signal);
  if (exitCode === 0) return;
  throw new FailureError('host-not-writable', `"${file}" could not be removed on the host.`, {
    remedy: 'Check who owns the folder and whether the disk is mounted read-only, then retry.',
    evidence: [stderr.slice(0, 400)],
  });
}

function checkpointFiles(listing: HubListing): HubFile[] {
  const chosen = chooseCheckpointFiles(listing.files.map(({ path: name, sizeBytes }) => ({ path: name, sizeBytes })));
  const wanted = new Set(chosen.files.map((file) => file.path));
  return listing.files.filter((file) => wanted.has(file.path));
}

function totalBytes(files: readonly { sizeBytes: number }[]): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}
