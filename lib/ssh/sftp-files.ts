import ssh2, { type SFTPWrapper } from 'ssh2';
import { FailureError } from '../domain/failure';
import type { CommandRunner } from './command-runner';
import { addressOf } from './host-endpoint';
import { printable } from './printable-text';
import { codeOf, fileFailure, isMissing, silent } from './sftp-failure';

/** sftp-server of OpenSSH answers at most 256 KiB a read; this much is safe with every server. */
const READ_BYTES = 32_768;
const READS_AT_ONCE = 16;
const ANSWER_TIMEOUT_MS = 30_000;
const FOLDER_TYPE = 0o040000;
const LINK_TYPE = 0o120000;
const TYPE_MASK = 0o170000;

const { STATUS_CODE } = ssh2.utils.sftp;

export interface RemoteFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly isFolder: boolean;
}

type Answer<T> = (error: Error | undefined | null, value?: T) => void;

/** Looks at files of a host over SFTP, where any byte may be in a name. One SFTP channel a connection, opened when needed. */
export class SftpFiles {
  readonly #runner: CommandRunner;
  #channel: Promise<SFTPWrapper> | null = null;

  constructor(runner: CommandRunner) {
    this.#runner = runner;
  }

  /** Null when there is nothing of that name. Follows symbolic links. */
  async stat(path: string): Promise<RemoteFile | null> {
    try {
      const attributes = await this.#ask<Attributes>((sftp, answer) => sftp.stat(path, answer as never), path);
      return fileOf(path, attributes);
    } catch (error) {
      if (isMissing(error)) return null;
      throw fileFailure(error, path);
    }
  }

  /** The entries of a folder without `.` and `..`, in no particular order. Links count as what they lead to. */
  async list(path: string): Promise<RemoteFile[]> {
    try {
      const entries = await this.#ask<Entry[]>((sftp, answer) => sftp.readdir(path, answer as never), path);
      const parent = path.endsWith('/') ? path : `${path}/`;
      const plain = entries.filter((entry) => isPlainName(entry.filename));
      const files = await Promise.all(plain.map((entry) => this.#resolved(parent + entry.filename, entry.attrs)));
      return files.filter((file) => file !== null);
    } catch (error) {
      throw fileFailure(error, path);
    }
  }

  /** The Hugging Face cache is a folder of links to blobs: a link's own size says nothing. Null when it leads nowhere. */
  async #resolved(path: string, attributes: Attributes): Promise<RemoteFile | null> {
    return (attributes.mode & TYPE_MASK) === LINK_TYPE ? this.stat(path) : fileOf(path, attributes);
  }

  /** Up to `length` bytes from `offset` on; fewer when the file ends before. */
  async readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
    let handle: Buffer | null = null;
    try {
      handle = await this.#ask<Buffer>((sftp, answer) => sftp.open(path, 'r', answer as never), path);
      return await this.#readPieces(handle, path, offset, length);
    } catch (error) {
      throw fileFailure(error, path);
    } finally {
      if (handle) this.#closeHandle(handle);
    }
  }

  async #readPieces(handle: Buffer, path: string, offset: number, length: number): Promise<Uint8Array> {
    const target = Buffer.alloc(length);
    const end = { bytes: length };
    let next = 0;
    const worker = async () => {
      while (next < end.bytes) {
        const at = next;
        next += READ_BYTES;
        const wanted = Math.min(READ_BYTES, length - at);
        const got = await this.#readPiece(handle, path, target.subarray(at, at + wanted), offset + at);
        if (got < wanted) end.bytes = Math.min(end.bytes, at + got);
      }
    };
    await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, Math.ceil(length / READ_BYTES)) }, worker));
    return target.subarray(0, end.bytes);
  }

  /** Fills the piece; answers how many bytes there were before the file's end. */
  async #readPiece(handle: Buffer, path: string, piece: Buffer, offset: number): Promise<number> {
    let filled = 0;
    while (filled < piece.length) {
      const got = await this.#read(handle, path, piece.subarray(filled), offset + filled);
      if (got === 0) return filled;
      filled += got;
    }
    return filled;
  }

  async #read(handle: Buffer, path: string, piece: Buffer, offset: number): Promise<number> {
    try {
      return await this.#ask<number>((sftp, answer) => {
        sftp.read(handle, piece, 0, piece.length, offset, answer as never);
      }, path);
    } catch (error) {
      if (codeOf(error) === STATUS_CODE.EOF) return 0;
      throw error;
    }
  }

  #closeHandle(handle: Buffer): void {
    this.#channel?.then(
      (sftp) => sftp.close(handle, () => undefined),
      () => undefined,
    );
  }

  /** Sends one request; a server that does not answer, or a dying connection, ends the wait. */
  async #ask<T>(send: (sftp: SFTPWrapper, answer: Answer<T>) => void, path: string): Promise<T> {
    const sftp = await this.#open();
    const { connection } = this.#runner;
    return new Promise<T>((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        forget();
        finish();
      };
      const forget = connection.onClose(() => settle(() => reject(connection.lostFailure())));
      const timer = setTimeout(() => settle(() => reject(silent(path))), ANSWER_TIMEOUT_MS);
      send(sftp, (error, value) => settle(() => (error ? reject(error) : resolve(value as T))));
    });
  }

  #open(): Promise<SFTPWrapper> {
    this.#channel ??= this.#start().catch((error: unknown) => {
      this.#channel = null;
      throw error;
    });
    return this.#channel;
  }

  async #start(): Promise<SFTPWrapper> {
    const { connection } = this.#runner;
    const release = await this.#runner.reserve('long');
    const forget = connection.onClose(release);
    return new Promise((resolve, reject) => {
      const fail = (error?: unknown) => {
        clearTimeout(timer);
        forget();
        release();
        reject(connection.isOpen() ? this.#unavailable(error) : connection.lostFailure());
      };
      const timer = setTimeout(() => fail(new Error('no answer to the SFTP greeting')), ANSWER_TIMEOUT_MS);
      if (!connection.isOpen()) {
        fail();
        return;
      }
      connection.client.sftp((error, sftp) => {
        if (error) {
          fail(error);
          return;
        }
        clearTimeout(timer);
        const gone = () => {
          this.#channel = null;
          release();
        };
        sftp.once('close', gone);
        sftp.on('error', gone);
        resolve(sftp);
      });
    });
  }

  #unavailable(error: unknown): FailureError {
    const address = addressOf(this.#runner.connection.endpoint);
    return new FailureError('sftp-unavailable', `${address} runs commands but offers no file transfer (SFTP).`, {
      remedy:
        'Install openssh-sftp-server on the host. If it is there, the login shell prints text where it must not: make ~/.bashrc silent for non-interactive shells.',
      evidence: error instanceof Error ? [printable(error.message, 200)] : [],
      cause: error,
    });
  }
}

interface Attributes {
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
}

interface Entry {
  readonly filename: string;
  readonly attrs: Attributes;
}

function fileOf(path: string, attributes: Attributes): RemoteFile {
  return {
    path,
    sizeBytes: attributes.size,
    modifiedAtMs: attributes.mtime * 1000,
    isFolder: (attributes.mode & TYPE_MASK) === FOLDER_TYPE,
  };
}

/** A hostile server chooses the names it lists; one with a slash would lead out of the folder. */
function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}
