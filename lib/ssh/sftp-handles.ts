import type { FileHandle } from 'node:fs/promises';

type Handle = { readonly file: FileHandle } | { readonly folder: string; readonly names: string[] };

/** The open files and folders of one SFTP channel, under the opaque keys that its client was given. */
export class SftpHandles {
  readonly #handles = new Map<number, Handle>();
  #next = 0;

  add(handle: Handle): Buffer {
    const key = Buffer.alloc(4);
    key.writeUInt32BE(this.#next);
    this.#handles.set(this.#next, handle);
    this.#next += 1;
    return key;
  }

  file(key: Buffer): FileHandle {
    const handle = this.#find(key);
    if (!('file' in handle)) throw new Error('this handle is a folder');
    return handle.file;
  }

  folder(key: Buffer): { folder: string; names: string[] } {
    const handle = this.#find(key);
    if (!('folder' in handle)) throw new Error('this handle is a file');
    return handle;
  }

  async close(key: Buffer): Promise<void> {
    const handle = this.#find(key);
    this.#handles.delete(key.readUInt32BE(0));
    if ('file' in handle) await handle.file.close();
  }

  closeAll(): void {
    for (const handle of this.#handles.values()) {
      // The process that used it is gone; what it wrote is written.
      if ('file' in handle) handle.file.close().catch(() => undefined);
    }
    this.#handles.clear();
  }

  #find(key: Buffer): Handle {
    const handle = key.length === 4 ? this.#handles.get(key.readUInt32BE(0)) : undefined;
    if (!handle) throw new Error('no such handle');
    return handle;
  }
}
