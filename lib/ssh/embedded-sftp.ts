import type { Stats } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import { SftpHandles } from './sftp-handles';

const { STATUS_CODE, flagsToString } = ssh2.utils.sftp;
/** A client may ask for any length; more than this is answered in part, which the protocol allows. */
const READ_LIMIT_BYTES = 256 * 1024;
const ENTRIES_AT_ONCE = 100;

/**
 * Serves a session's SFTP channel with the rights of this process and paths relative to its home folder. It is no jail:
 * the same key may run any command anyway.
 */
export function serveSftp(sftp: SFTPWrapper, homeFolder: string): void {
  const handles = new SftpHandles();
  const channel: Channel = { sftp, handles, at: (name) => path.resolve(homeFolder, name), ...answering(sftp) };
  serveOpenFiles(channel);
  serveAttributes(channel);
  serveFolders(channel);
  serveNames(channel);
  sftp.on('EXTENDED', (id: number) => sftp.status(id, STATUS_CODE.OP_UNSUPPORTED));
  sftp.on('error', () => sftp.end());
  // OpenSSH's sftp waits for our end of the channel.
  sftp.on('end', () => sftp.end());
  sftp.on('close', () => handles.closeAll());
}

interface Channel extends ReturnType<typeof answering> {
  readonly sftp: SFTPWrapper;
  readonly handles: SftpHandles;
  /** The absolute path that a client's name means. */
  readonly at: (name: string) => string;
}

/** Turns work into listeners: `answer` for work that answers itself, `done` for work whose answer is that it is done. */
function answering(sftp: SFTPWrapper) {
  const answer =
    <Rest extends unknown[]>(work: (id: number, ...rest: Rest) => Promise<void>) =>
    (id: number, ...rest: Rest) => {
      work(id, ...rest).catch((error: unknown) => sftp.status(id, statusOf(error), messageOf(error)));
    };
  const done = <Rest extends unknown[]>(work: (...rest: Rest) => Promise<unknown>) =>
    answer<Rest>(async (id, ...rest) => {
      await work(...rest);
      sftp.status(id, STATUS_CODE.OK);
    });
  return { answer, done };
}

function serveOpenFiles({ sftp, handles, at, answer, done }: Channel): void {
  sftp.on(
    'OPEN',
    answer(async (id, name: string, flags: number, attributes: Attributes) => {
      const file = await fs.open(at(name), flagsToString(flags) ?? 'r', attributes.mode ?? 0o666);
      sftp.handle(id, handles.add({ file }));
    }),
  );
  sftp.on(
    'READ',
    answer(async (id, handle: Buffer, offset: number, length: number) => {
      const target = Buffer.allocUnsafe(Math.min(length, READ_LIMIT_BYTES));
      const { bytesRead } = await handles.file(handle).read(target, 0, target.length, offset);
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, target.subarray(0, bytesRead));
    }),
  );
  sftp.on(
    'WRITE',
    done(async (handle: Buffer, offset: number, data: Buffer) => {
      let written = 0;
      while (written < data.length) {
        written += (await handles.file(handle).write(data, written, data.length - written, offset + written))
          .bytesWritten;
      }
    }),
  );
  sftp.on(
    'CLOSE',
    done((handle: Buffer) => handles.close(handle)),
  );
}

function serveAttributes({ sftp, handles, at, answer, done }: Channel): void {
  sftp.on(
    'STAT',
    answer(async (id, name: string) => sftp.attrs(id, attributesOf(await fs.stat(at(name))))),
  );
  sftp.on(
    'LSTAT',
    answer(async (id, name: string) => sftp.attrs(id, attributesOf(await fs.lstat(at(name))))),
  );
  sftp.on(
    'FSTAT',
    answer(async (id, handle: Buffer) => sftp.attrs(id, attributesOf(await handles.file(handle).stat()))),
  );
  sftp.on(
    'SETSTAT',
    done((name: string, attributes: Attributes) => setAttributes(at(name), attributes)),
  );
  sftp.on(
    'FSETSTAT',
    done((handle: Buffer, attributes: Attributes) => setOpenAttributes(handles.file(handle), attributes)),
  );
}

function serveFolders({ sftp, handles, at, answer, done }: Channel): void {
  sftp.on(
    'OPENDIR',
    answer(async (id, name: string) => {
      const names = await fs.readdir(at(name));
      sftp.handle(id, handles.add({ folder: at(name), names: ['.', '..', ...names] }));
    }),
  );
  sftp.on(
    'READDIR',
    answer(async (id, handle: Buffer) => {
      const { folder, names } = handles.folder(handle);
      const next = names.splice(0, ENTRIES_AT_ONCE);
      if (next.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.name(id, await entriesOf(folder, next));
    }),
  );
  sftp.on(
    'MKDIR',
    done((name: string, attributes: Attributes) => fs.mkdir(at(name), attributes.mode ?? 0o777)),
  );
  sftp.on(
    'RMDIR',
    done((name: string) => fs.rmdir(at(name))),
  );
}

function serveNames({ sftp, at, answer, done }: Channel): void {
  sftp.on(
    'REALPATH',
    answer(async (id, name: string) => sftp.name(id, [entry(at(name))])),
  );
  sftp.on(
    'READLINK',
    answer(async (id, name: string) => sftp.name(id, [entry(await fs.readlink(at(name)))])),
  );
  sftp.on(
    'SYMLINK',
    done((name: string, target: string) => fs.symlink(target, at(name))),
  );
  sftp.on(
    'REMOVE',
    done((name: string) => fs.unlink(at(name))),
  );
  sftp.on(
    'RENAME',
    done((from: string, to: string) => fs.rename(at(from), at(to))),
  );
}

function attributesOf(stats: Stats): Attributes {
  return {
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    atime: Math.floor(stats.atimeMs / 1000),
    mtime: Math.floor(stats.mtimeMs / 1000),
  };
}

function entry(filename: string) {
  return { filename, longname: filename, attrs: {} as Attributes };
}

async function entriesOf(folder: string, names: readonly string[]) {
  const entries = await Promise.all(
    names.map(async (filename) => {
      const stats = await fs.lstat(path.join(folder, filename)).catch(() => null);
      if (stats === null) return null;
      const attrs = attributesOf(stats);
      return { filename, longname: longName(filename, stats), attrs };
    }),
  );
  return entries.filter((one) => one !== null);
}

/** The line that `ls -l` of OpenSSH's sftp shows as it is. */
function longName(filename: string, stats: Stats): string {
  const type = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((stats.mode >> (8 - index)) & 1 ? letter : '-')).join('');
  const date = stats.mtime.toISOString().slice(0, 16).replace('T', ' ');
  return `${type}${bits} ${stats.nlink} ${stats.uid} ${stats.gid} ${stats.size} ${date} ${filename}`;
}

async function setAttributes(name: string, attributes: Attributes): Promise<void> {
  if (attributes.size !== undefined) await fs.truncate(name, attributes.size);
  if (attributes.mode !== undefined) await fs.chmod(name, attributes.mode & 0o7777);
  if (attributes.mtime !== undefined) await fs.utimes(name, attributes.atime ?? attributes.mtime, attributes.mtime);
}

async function setOpenAttributes(file: FileHandle, attributes: Attributes): Promise<void> {
  if (attributes.size !== undefined) await file.truncate(attributes.size);
  if (attributes.mode !== undefined) await file.chmod(attributes.mode & 0o7777);
  if (attributes.mtime !== undefined) await file.utimes(attributes.atime ?? attributes.mtime, attributes.mtime);
}

function statusOf(error: unknown): number {
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (code === 'ENOENT') return STATUS_CODE.NO_SUCH_FILE;
  if (code === 'EACCES' || code === 'EPERM') return STATUS_CODE.PERMISSION_DENIED;
  return STATUS_CODE.FAILURE;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
