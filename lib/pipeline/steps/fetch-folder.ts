import path from 'node:path/posix';
import { FailureError, toFailure } from '../../domain/failure';
import type { Source } from '../../domain/source';
import { TransferMeter } from '../../domain/transfer-meter';
import { baseTypeOf } from '../../model/base-type';
import type { ListedFile } from '../../model/byte-range-reader';
import { chooseCheckpointFiles } from '../../model/checkpoint-files';
import { guessParameterCount } from '../../model/disk-plan';
import { listHostFolder } from '../host-folder';
import { SHA256_FUNCTION } from '../portable-shell';
import { refuseTooSmallHost } from '../room-check';
import type { FetchedSource, StepContext } from '../step-context';
import type { CheckResult, StepPlan } from '../step-definition';
import { uploadedModelFolder } from '../workspace';

type FolderSource = Extract<Source, { kind: 'folder' }>;

/** A folder on the host is used where it lies. One on the dashboard's machine is copied, unless that is the same machine. */
export async function checkFolderSource(context: StepContext, source: FolderSource): Promise<CheckResult> {
  if (await isOnHost(context, source)) {
    const files = await hostFiles(context, source.path);
    return { done: true, result: fetched(await absolute(context, source.path), files) };
  }
  const wanted = chosen(await context.world.localFolder.list(source.path), source.path);
  const folder = uploadedModelFolder(context.workspace, source.path);
  const present = await context.host.withSession(
    (session) =>
      Promise.all(wanted.map((file) => session.stat(`${folder}/${file.path}${file.sizeBytes === 0 ? '' : '.sha256'}`))),
    context.signal,
  );
  if (present.some((file) => file === null)) return { done: false };
  return { done: true, result: fetched(folder, wanted) };
}

export async function planFolderSource(context: StepContext, source: FolderSource): Promise<StepPlan> {
  const files = chosen(await context.world.localFolder.list(source.path), source.path);
  const toFetchBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const parameterCount = guessParameterCount(toFetchBytes);
  await refuseTooSmallHost(context, { toFetchBytes, parameterCount, baseType: baseTypeOf(context.spec, null) });
  const folder = uploadedModelFolder(context.workspace, source.path);
  return {
    kind: 'local',
    command: `copy ${files.length} files from ${source.path} to the host`,
    run: (signal) => copyAll(context, { from: source.path, to: folder, files }, signal),
  };
}

async function copyAll(
  context: StepContext,
  copy: { from: string; to: string; files: readonly ListedFile[] },
  signal: AbortSignal,
): Promise<void> {
  const { clock, localFolder, shell } = context.world;
  const total = copy.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const meter = new TransferMeter(total, 0, clock.monotonicMs());
  let before = 0;
  for (const file of copy.files) {
    const target = path.join(copy.to, file.path);
    await context.host.withSession(async (session) => {
      await session.exec(shell.command(['mkdir', '-p', path.dirname(target)]));
      const offset = Math.min((await session.stat(`${target}.part`))?.sizeBytes ?? 0, file.sizeBytes);
      let sent = offset;
      const counted = async function* () {
        for await (const chunk of localFolder.read(copy.from, file.path, offset, file.sizeBytes - offset)) {
          sent += chunk.length;
          context.report(meter.update(before + sent, clock.monotonicMs(), 'copying to the host', file.path));
          yield chunk;
        }
      };
      await session.upload(`${target}.part`, offset, counted(), signal);
      await confirmCopy(context, { folder: copy.from, name: file.path, target });
    }, signal);
    before += file.sizeBytes;
    await context.log.line(`copied and compared: ${file.path}`);
  }
}

/** Compares both ends by sha256; a copy that differs is removed, so that a retry begins with a clean file. */
async function confirmCopy(
  context: StepContext,
  file: { folder: string; name: string; target: string },
): Promise<void> {
  const { localFolder, shell } = context.world;
  const here = await localFolder.sha256(file.folder, file.name);
  await context.host.withSession(async (session) => {
    const part = shell.quote(`${file.target}.part`);
    const answer = await session.exec(`${SHA256_FUNCTION}\nsha256 ${part} '' >/dev/null; printf %s "$sum"`, {
      timeoutMs: 3_600_000,
      signal: context.signal,
    });
    const there = answer.stdout;
    if (there !== here) {
      await session.exec(`rm -f ${part}`);
      throw new FailureError(
        'transfer-corrupt',
        `${file.name} arrived on the host with another content than it has here.`,
        {
          remedy: 'Retry: the file is copied again.',
          evidence: [`here  ${here}`, `there ${there || answer.stderr.slice(0, 200)}`],
          isTransient: true,
        },
      );
    }
    await session.exec(
      `mv -f ${part} ${shell.quote(file.target)} && printf %s ${here} > ${shell.quote(`${file.target}.sha256`)}`,
    );
  }, context.signal);
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
