import path from 'node:path/posix';
import { type Failure, FailureError, toFailure } from '../../domain/failure';
import type { Source } from '../../domain/source';
import { TransferMeter } from '../../domain/transfer-meter';
import type { ListedFile } from '../../model/byte-range-reader';
import { chooseCheckpointFiles } from '../../model/checkpoint-files';
import { contentsOf, type HashedFile, isUploaded, uploadedBytes, uploadFolder } from '../folder-upload';
import { listHostFolder } from '../host-folder';
import { admitFetch } from '../room-check';
import type { FetchedSource, StepContext } from '../step-context';
import type { CheckResult, StepPlan } from '../step-definition';
import { uploadedModelFolder } from '../workspace';

type FolderSource = Extract<Source, { kind: 'folder' }>;

/** A folder on the host is used where it lies. One on the dashboard's machine is copied, unless that is the same machine. */
export async function checkFolderSource(
  context: StepContext,
  source: FolderSource,
  when: 'before' | 'after',
): Promise<CheckResult> {
  if (await isOnHost(context, source)) {
    const files = await hostFiles(context, source.path);
    return { done: true, result: fetched(await absolute(context, source.path), files) };
  }
  const files = await hashedHere(context, source);
  if (await isUploaded(context, files))
    return { done: true, result: fetched(uploadedModelFolder(context.workspace, files), files) };
  if (when === 'before') return { done: false };
  return { done: false, failure: changedMeanwhile(source.path) };
}

export async function planFolderSource(context: StepContext, source: FolderSource): Promise<StepPlan> {
  if (await isOnHost(context, source)) return { kind: 'local', command: `look at ${source.path} again`, run: nothing };
  const files = await hashedHere(context, source);
  await admitFetch(context, contentsOf(files), () => uploadedBytes(context, files));
  return {
    kind: 'local',
    command: `copy ${files.length} files from ${source.path} to the host`,
    run: (signal) => uploadFolder(context, source.path, files, signal),
  };
}

/** The folder as it is now. What was hashed before and did not change is not read again. */
async function hashedHere(context: StepContext, source: FolderSource): Promise<HashedFile[]> {
  const { clock, localFolder } = context.world;
  const files = chosen(await localFolder.list(source.path), source.path);
  const meter = new TransferMeter(
    files.reduce((sum, file) => sum + file.sizeBytes, 0),
    0,
    clock.monotonicMs(),
  );
  const hashed: HashedFile[] = [];
  let bytes = 0;
  for (const file of files) {
    context.signal.throwIfAborted();
    context.report(meter.update(bytes, clock.monotonicMs(), 'reading the folder', file.path));
    hashed.push({ ...file, sha256: await localFolder.sha256(source.path, file.path) });
    bytes += file.sizeBytes;
  }
  return hashed;
}

/** A folder on the host is used as it is: there is nowhere to fetch it from. */
async function nothing(): Promise<void> {}

function changedMeanwhile(folder: string): Failure {
  return new FailureError('transfer-corrupt', `The files in ${folder} changed while they were copied to the host.`, {
    remedy: 'Wait until nothing writes to the folder, then retry: only what changed is copied again.',
    isTransient: true,
  }).failure;
}

async function isOnHost(context: StepContext, source: FolderSource): Promise<boolean> {
  if (source.location === 'host') return true;
  return (await context.world.instances.find(context.host.instanceId)).kind === 'this-machine';
}

async function absolute(context: StepContext, folder: string): Promise<string> {
  const { homeFolder } = await context.host.session(context.signal);
  return folder.startsWith('~/') ? path.join(homeFolder, folder.slice(2)) : folder.replace(/\/+$/, '') || '/';
}

async function hostFiles(context: StepContext, folder: string): Promise<ListedFile[]> {
  const root = await absolute(context, folder);
  const listed = await context.host.withSession(async (session) => {
    const stat = await session.stat(root);
    return stat?.isFolder ? listHostFolder(session, root) : null;
  }, context.signal);
  if (listed !== null) return chosen(listed, root);
  throw new FailureError('source-folder-missing', `There is no folder ${root} on the host.`, {
    remedy:
      'Check the path. It is a path on the host that converts, not on your computer, unless you chose "on the dashboard\'s machine".',
  });
}

function chosen(files: readonly ListedFile[], folder: string): ListedFile[] {
  try {
    return [...chooseCheckpointFiles(files).files];
  } catch (error) {
    const failure = toFailure(error);
    throw new FailureError(failure.code, `${failure.message} (${folder})`, { ...failure, cause: error });
  }
}

function fetched(folder: string, files: readonly ListedFile[]): FetchedSource {
  return {
    folder,
    files: files.map((file) => file.path),
    commit: null,
    totalBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
  };
}
