import { Worker } from 'node:worker_threads';
import { NO_FOLLOW } from './file-hash';

export interface CopyRequest {
  readonly source: string;
  readonly target: string;
  /** Bytes of the target that are there already and stay; what lies beyond is replaced. */
  readonly startBytes: number;
  /** Bytes of the whole. */
  readonly totalBytes: number;
}

export interface CopyWatch {
  /** Told about ten times a second how many bytes of the whole are copied and hashed. */
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** While it is on the copy rests, and leaves disk and processor to others. */
  readonly quiet?: { readonly isOn: boolean; onChange(listener: () => void): () => void } | undefined;
}

/** What the thread is told through the shared number. */
const GO_ON = 0;
const STOP = 1;
const REST = 2;

/** What is in the target now: fewer bytes than asked for when the source is shorter. */
export interface CopiedFile {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * What the thread runs. Text and not a file: the server is bundled into one file, which has no neighbours to start a
 * thread from. A file system that can share blocks between files (btrfs, XFS, APFS) copies in no time and no space, and
 * only the copy is read, for its hash; elsewhere each block is hashed on its way, while it is in the processor's cache.
 */
const PROGRAM = `
const fs = require('node:fs');
const { createHash } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');
const { source, target, startBytes, totalBytes, noFollow, told } = workerData;
const { constants } = fs;
const block = Buffer.allocUnsafeSlow(256 * 1024);
const hash = createHash('sha256');
let done = 0;
let toldMs = performance.now();

function eachBlock(file, endBytes, take) {
  while (done < endBytes) {
    Atomics.wait(told, 0, ${REST});
    if (Atomics.load(told, 0) === ${STOP}) return;
    const bytes = fs.readSync(file, block, 0, Math.min(block.length, endBytes - done), done);
    if (bytes === 0) return;
    const part = block.subarray(0, bytes);
    hash.update(part);
    take(part, done);
    done += bytes;
    if (performance.now() - toldMs < 100) continue;
    toldMs = performance.now();
    parentPort.postMessage({ done });
  }
}
function writeAll(file, part, at) {
  for (let written = 0; written < part.length; )
    written += fs.writeSync(file, part, written, part.length - written, at + written);
}
function shareBlocks() {
  try {
    fs.copyFileSync(source, target, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  }
}

const from = fs.openSync(source, constants.O_RDONLY | noFollow);
if (!fs.fstatSync(from).isFile()) throw new Error(source + ' is not a regular file');
// What a link in the target's place leads to must stay as it is.
if (startBytes === 0) fs.rmSync(target, { force: true });
const isShared = startBytes === 0 && shareBlocks();
const to = fs.openSync(target, constants.O_RDWR | constants.O_CREAT | noFollow, 0o600);
if (isShared) fs.fchmodSync(to, 0o600);
fs.ftruncateSync(to, isShared ? Math.min(totalBytes, fs.fstatSync(to).size) : startBytes);
eachBlock(to, isShared ? totalBytes : startBytes, () => undefined);
if (!isShared) eachBlock(from, totalBytes, (part, at) => writeAll(to, part, at));
fs.closeSync(from);
fs.closeSync(to);
parentPort.postMessage({ sha256: hash.digest('hex'), sizeBytes: done });
`;

/**
 * Copies a file of this disk onto another one, or what is missing of it, and hashes all of the copy: in a thread, since
 * half a second of processor for each gigabyte would be taken from every page and socket.
 *
 * @throws the signal's reason within a block once it aborts (what was copied stays), and what the file system says.
 */
export function copyInThread(request: CopyRequest, { onProgress, signal, quiet }: CopyWatch): Promise<CopiedFile> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const told = new Int32Array(new SharedArrayBuffer(4));
    const tell = () => {
      Atomics.store(told, 0, signal.aborted ? STOP : quiet?.isOn ? REST : GO_ON);
      Atomics.notify(told, 0);
    };
    tell();
    const thread = new Worker(PROGRAM, { eval: true, workerData: { ...request, noFollow: NO_FOLLOW, told }, env: {} });
    signal.addEventListener('abort', tell, { once: true });
    const forget = quiet?.onChange(tell);
    let copied: CopiedFile | null = null;
    let failure: unknown = null;
    thread.on('message', (message: { done: number } | CopiedFile) => {
      if ('done' in message) onProgress(message.done);
      else copied = message;
    });
    thread.once('error', (error) => {
      failure = error;
    });
    // Only now the thread has let go of the file, and whoever is told may begin again.
    thread.once('exit', () => {
      signal.removeEventListener('abort', tell);
      forget?.();
      if (signal.aborted) reject(signal.reason);
      else if (copied) resolve(copied);
      else reject(failure ?? new Error(`the thread that copied ${request.source} ended without a word`));
    });
  });
}
