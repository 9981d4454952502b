import path from 'node:path/posix';
import { FailureError } from '../domain/failure';
import { TransferMeter } from '../domain/transfer-meter';
import type { HostSession } from './host-port';
import { SHA256_FUNCTION } from './portable-shell';
import { Script } from './script';
import type { StepContext } from './step-context';
import { isWholeFolder } from './whole-folder';
import { uploadedFile, uploadedModelFolder } from './workspace';

/** A file of a folder on the dashboard's machine, and what is in it now. */
export interface HashedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Written once every link of a copied folder is made. */
const COMPLETE_STAMP = '.quantdeck-complete';
const HASH_TIMEOUT_MS = 3_600_000;

/** True when the folder is on the host as it is here now: each file is found there by the hash that it has here. */
export function isUploaded(context: StepContext, files: readonly HashedFile[]): Promise<boolean> {
  return isWholeFolder(context, uploadedModelFolder(context.workspace, files), COMPLETE_STAMP, files);
}

/** Bytes of these files that the host has: whole files, and the beginnings of those whose copy was cut. */
export async function uploadedBytes(context: StepContext, files: readonly HashedFile[]): Promise<number> {
  const arrivals = await context.host.withSession(
    (session) => Promise.all(contentsOf(files).map((file) => arrivalOf(context, session, file))),
    context.signal,
  );
  return arrivals.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** One file for each content: a folder may hold the same one under two names. */
export function contentsOf(files: readonly HashedFile[]): HashedFile[] {
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}

/**
 * Copies to the host what it does not have, from the byte that an earlier copy reached, and puts the folder together there.
 * @throws FailureError `transfer-corrupt`, and what the session and the folder throw.
 */
export async function uploadFolder(
  context: StepContext,
  from: string,
  files: readonly HashedFile[],
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context.world;
  const contents = contentsOf(files);
  if (context.step.isAgain) await discardDamaged(context, contents);
  const arrived = await uploadedBytes(context, contents);
  const totalBytes = contents.reduce((sum, file) => sum + file.sizeBytes, 0);
  const meter = new TransferMeter(totalBytes, arrived, clock.monotonicMs());
  let done = arrived;
  for (const file of contents) {
    const onSent = (bytes: number) => {
      done += bytes;
      context.report(meter.update(done, clock.monotonicMs(), 'copying to the host', file.path));
    };
    const isNew = await context.host.withSession(
      (session) => uploadFile(context, session, { from, file, onSent }, signal),
      signal,
    );
    await context.log.line(`${isNew ? 'copied and compared' : 'already there, of the same content'}: ${file.path}`);
  }
  await linkFolder(context, files);
}

/** Hashes on the host what was copied before, and removes what has another content by now. */
async function discardDamaged(context: StepContext, files: readonly HashedFile[]): Promise<void> {
  const { shell } = context.world;
  for (const file of files) {
    const target = shell.quote(uploadedFile(context.workspace, file.sha256));
    const script = `${SHA256_FUNCTION}
[ -f ${target} ] || exit 0
sha256 ${target} '' >/dev/null
[ "$sum" = ${file.sha256} ] || { rm -f ${target} && echo damaged; }`;
    const { stdout } = await context.host.withSession(
      (session) => session.exec(script, { timeoutMs: HASH_TIMEOUT_MS, signal: context.signal }),
      context.signal,
    );
    if (stdout.includes('damaged')) await context.log.line(`damaged on the host, copied again: ${file.path}`);
  }
}

interface Arrival {
  /** True when the file has its name: it was compared then. */
  readonly isWhole: boolean;
  readonly bytes: number;
}

async function arrivalOf(
  context: StepContext,
  session: HostSession,
  { sha256, sizeBytes }: HashedFile,
): Promise<Arrival> {
  const target = uploadedFile(context.workspace, sha256);
  if ((await session.stat(target))?.sizeBytes === sizeBytes) return { isWhole: true, bytes: sizeBytes };
  const partBytes = (await session.stat(`${target}.part`))?.sizeBytes ?? 0;
  return { isWhole: false, bytes: Math.min(partBytes, sizeBytes) };
}

/** Answers false when the file was there already: by an earlier copy, or by this one, whose answer was lost. */
async function uploadFile(
  context: StepContext,
  session: HostSession,
  copy: { from: string; file: HashedFile; onSent: (bytes: number) => void },
  signal: AbortSignal,
): Promise<boolean> {
  const { from, file, onSent } = copy;
  const target = uploadedFile(context.workspace, file.sha256);
  const { isWhole, bytes: offset } = await arrivalOf(context, session, file);
  if (isWhole) return false;
  const { localFolder } = context.world;
  const counted = async function* () {
    for await (const chunk of localFolder.read(from, file.path, offset, file.sizeBytes - offset)) {
      onSent(chunk.length);
      yield chunk;
    }
  };
  await session.upload(`${target}.part`, offset, counted(), signal);
  await confirmCopy(context, session, file, target);
  return true;
}

/** Compares both ends by sha256; a copy that differs is removed, so that a retry begins with a clean file. */
async function confirmCopy(
  context: StepContext,
  session: HostSession,
  file: HashedFile,
  target: string,
): Promise<void> {
  const { shell } = context.world;
  const part = shell.quote(`${target}.part`);
  const script = `${SHA256_FUNCTION}
sha256 ${part} '' >/dev/null; printf %s "$sum"
if [ "$sum" = ${file.sha256} ]; then mv -f ${part} ${shell.quote(target)}; else rm -f ${part}; fi`;
  const answer = await session.exec(script, { timeoutMs: HASH_TIMEOUT_MS, signal: context.signal });
  if (answer.stdout === file.sha256 && answer.exitCode === 0) return;
  throw new FailureError(
    'transfer-corrupt',
    `${file.path} arrived on the host with another content than it had here.`,
    {
      remedy: 'Retry: the file is copied again. If somebody writes to the folder, wait until that is done.',
      evidence: [`here  ${file.sha256}`, `there ${answer.stdout || answer.stderr.slice(0, 200)}`],
      isTransient: true,
    },
  );
}

/** By standard input: a command line would be too short for the names of a hundred shards. */
async function linkFolder(context: StepContext, files: readonly HashedFile[]): Promise<void> {
  const { workspace, world } = context;
  const folder = uploadedModelFolder(workspace, files);
  const script = new Script(world.shell).quietly(['rm', '-rf', folder]);
  for (const parent of new Set(files.map((file) => path.dirname(path.join(folder, file.path)))))
    script.quietly(['mkdir', '-p', parent]);
  for (const file of files)
    script.quietly(['ln', '-s', uploadedFile(workspace, file.sha256), path.join(folder, file.path)]);
  script.quietly(['touch', path.join(folder, COMPLETE_STAMP)]);
  const answer = await context.host.withSession(
    (session) => session.exec('sh -s', { stdin: script.toString(), signal: context.signal }),
    context.signal,
  );
  if (answer.exitCode === 0) return;
  throw new FailureError('host-not-writable', `The copied files could not be put together in ${folder} on the host.`, {
    remedy: 'Check who owns the folder and whether the disk is full or mounted read-only, then retry.',
    evidence: [answer.stderr.slice(0, 400)],
  });
}
