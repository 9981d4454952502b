import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';

/** What a test gives: files in memory or a folder on disk, and who may read it. */
export interface FakeRepoOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly folder?: string;
  /** Files too large to be made: what they begin with, and zeros up to their size. */
  readonly sparse?: Readonly<Record<string, SparseContent>>;
  readonly isPrivate?: boolean;
  readonly isGated?: boolean;
  /** Tokens that may read it although it is private or gated. */
  readonly allowedTokens?: readonly string[];
}

export interface SparseContent {
  readonly start: Uint8Array;
  readonly sizeBytes: number;
}

export interface FakeFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** sha256 when it is kept as LFS, else the git blob's sha1. */
  readonly oid: string;
  readonly isLfs: boolean;
  open(from: number, to: number): Readable;
}

export interface FakeCommit {
  readonly id: string;
  readonly files: ReadonlyMap<string, FakeFile>;
}

const LFS_NAME = /\.(safetensors|bin|gguf|model|pt|h5|onnx)$/;
const BLOCK_BYTES = 32 * 1024;
const LFS_BYTES = 1024 * 1024;

/** One model of the fake hub: its commits, and where `main` stands. */
export class FakeRepository {
  readonly options: FakeRepoOptions;
  readonly commits = new Map<string, FakeCommit>();
  main = '';

  constructor(options: FakeRepoOptions) {
    this.options = options;
  }

  /** Adds a commit and moves `main` to it; answers its id. */
  async commit(source: Pick<FakeRepoOptions, 'files' | 'folder' | 'sparse'>): Promise<string> {
    const files = [
      ...(source.folder === undefined ? [] : await readFolder(source.folder)),
      ...Object.entries(source.files ?? {}).map(([name, content]) => memoryFile(name, content)),
      ...Object.entries(source.sparse ?? {}).map(([name, content]) => sparseFile(name, content)),
    ].sort((a, b) => (a.path < b.path ? -1 : 1));
    const text = files.map((file) => `${file.oid} ${file.path}`).join('\n');
    const id = createHash('sha1').update(`commit ${this.main}\n${text}`).digest('hex');
    this.commits.set(id, { id, files: new Map(files.map((file) => [file.path, file])) });
    this.main = id;
    return id;
  }

  /** The commit of a branch (`main`, `HEAD`) or of a full id; null when there is no such revision. */
  resolve(revision: string): FakeCommit | null {
    const id = revision === 'main' || revision === 'HEAD' ? this.main : revision;
    return this.commits.get(id) ?? null;
  }
}

/** sha1 of a git blob: what the hub gives as oid of a small file. */
export function gitBlobOid(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

function memoryFile(name: string, content: string | Uint8Array): FakeFile {
  const bytes = Buffer.from(content);
  const isLfs = LFS_NAME.test(name) || bytes.length > LFS_BYTES;
  const oid = isLfs ? createHash('sha256').update(bytes).digest('hex') : gitBlobOid(bytes);
  return {
    path: name,
    sizeBytes: bytes.length,
    oid,
    isLfs,
    open: (from, to) => Readable.from(blocks(bytes.subarray(from, to))),
  };
}

/** Always LFS. Its oid is that of its beginning: hashing what is not there would take minutes, and nobody compares it. */
function sparseFile(name: string, { start, sizeBytes }: SparseContent): FakeFile {
  return {
    path: name,
    sizeBytes,
    oid: createHash('sha256').update(name).update(start).digest('hex'),
    isLfs: true,
    open: (from, to) => Readable.from(sparseBlocks(Buffer.from(start), from, to)),
  };
}

function* sparseBlocks(start: Buffer, from: number, to: number): Generator<Buffer> {
  const zeros = Buffer.alloc(BLOCK_BYTES);
  for (let at = from; at < to; ) {
    const end = Math.min(to, at + BLOCK_BYTES);
    const block = at < start.length ? start.subarray(at, Math.min(end, start.length)) : zeros.subarray(0, end - at);
    yield block;
    at += block.length;
  }
}

/** As a network brings it, so that a slow or cut body is one in the middle of a file. */
function* blocks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) yield bytes.subarray(at, at + BLOCK_BYTES);
}

async function readFolder(folder: string): Promise<FakeFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(names.map((name) => diskFile(folder, name)));
}

async function diskFile(folder: string, file: string): Promise<FakeFile> {
  const name = path.relative(folder, file).split(path.sep).join('/');
  const { size } = await stat(file);
  const isLfs = LFS_NAME.test(name) || size > LFS_BYTES;
  if (!isLfs) return memoryFile(name, await readFile(file));
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const open = (from: number, to: number) =>
    to <= from ? Readable.from([]) : createReadStream(file, { start: from, end: to - 1 });
  return { path: name, sizeBytes: size, oid: hash.digest('hex'), isLfs, open };
}
