import { constants, type FileHandle, open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FailureError } from '../domain/failure';
import { type ByteRange, holdsIfRange, matchesAnyEtag, parseByteRange } from './byte-range';
import { createResponseWriter } from './response-writer';

/** Where an artifact's bytes are. */
export interface ArtifactFile {
  readonly fileName: string;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  readonly instanceId: string;
  /** Null when the file is no longer on its host. */
  readonly hostPath: string | null;
  /** Absolute path on the dashboard's disk, null while it is not home. */
  readonly homePath: string | null;
}

export interface ArtifactContentDependencies {
  findArtifactFile(artifactId: string): Promise<ArtifactFile | null>;
  /** Streams `length` bytes from `offset` on, in order; resolves after the last. `onData`'s promise is backpressure. */
  openHostRange(
    instanceId: string,
    path: string,
    offset: number,
    length: number,
    onData: (chunk: Uint8Array, offset: number) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
}

/**
 * GET and HEAD of an artifact's bytes: from the dashboard's disk if they are home, else straight from the host. The ETag is
 * the sha256, so a download resumes with `If-Range` even if the file moved in between. Throws FailureErrors for the
 * caller to answer with: 404 unknown, 409 not hashed yet, 410 gone, 502 host trouble.
 */
export function createArtifactContent(dependencies: ArtifactContentDependencies) {
  return async (request: IncomingMessage, response: ServerResponse, artifactId: string): Promise<void> => {
    const file = await dependencies.findArtifactFile(artifactId);
    if (!file) throw new FailureError('not-found', 'There is no such artifact.');
    const { sha256, sizeBytes } = file;
    if (sha256 === null || sizeBytes === null) {
      throw new FailureError('conflict', `${file.fileName} is not finished: it has no checksum yet.`, {
        remedy: 'Wait until its checksum step has ended.',
        isTransient: true,
      });
    }
    const etag = `"${sha256}"`;
    setFileHeaders(response, file.fileName, etag);
    if (matchesAnyEtag(request.headers['if-none-match'], etag)) {
      response.writeHead(304).end();
      return;
    }
    const range = request.method === 'GET' ? wantedRange(request, sizeBytes, etag) : null;
    if (range === 'unsatisfiable') {
      response.writeHead(416, { 'Content-Range': `bytes */${sizeBytes}`, 'Content-Length': 0 }).end();
      return;
    }
    const home = await openHome(file);
    try {
      const source = home ? homeSource(home) : hostSource(dependencies, file);
      await answer({ request, response, source, sizeBytes, range });
    } finally {
      await home?.close();
    }
  };
}

/** Hands out `length` bytes from `start` on, in order. */
type Source = (
  start: number,
  length: number,
  onData: (chunk: Uint8Array, offset: number) => Promise<void>,
  signal: AbortSignal,
) => Promise<void>;

interface Answer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly source: Source;
  readonly sizeBytes: number;
  readonly range: ByteRange | null;
}

async function answer({ request, response, source, sizeBytes, range }: Answer): Promise<void> {
  const start = range?.start ?? 0;
  const length = range ? range.end - range.start + 1 : sizeBytes;
  const sendHead = () => {
    if (range) response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${sizeBytes}`);
    response.writeHead(range ? 206 : 200, { 'Content-Length': length });
  };
  if (request.method === 'HEAD' || length === 0) {
    sendHead();
    response.end();
    return;
  }
  const writer = createResponseWriter(response);
  try {
    let next = start;
    const onData = async (chunk: Uint8Array, offset: number) => {
      // The head waits for the first byte, so that a host that cannot be reached is still a proper error.
      if (!response.headersSent) sendHead();
      if (offset !== next || next + chunk.byteLength > start + length)
        throw new Error(`bytes at ${offset}, wanted ${next}`);
      next += chunk.byteLength;
      await writer.write(chunk);
    };
    await source(start, length, onData, writer.signal);
    if (next !== start + length) throw new Error(`the source ended at ${next} of ${start + length} bytes`);
    await writer.end();
  } catch (error) {
    // Nobody is left to tell; the source has stopped.
    if (writer.signal.aborted) return;
    throw error;
  }
}

const READ_BYTES = 256 * 1024;

function homeSource(home: FileHandle): Source {
  return async (start, length, onData, signal) => {
    for (let offset = start; offset < start + length; ) {
      signal.throwIfAborted();
      // A buffer of its own for each chunk: the one before may still be on its way out.
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, start + length - offset));
      const { bytesRead } = await home.read(buffer, 0, buffer.byteLength, offset);
      if (bytesRead === 0) return;
      await onData(buffer.subarray(0, bytesRead), offset);
      offset += bytesRead;
    }
  };
}

function hostSource(dependencies: ArtifactContentDependencies, file: ArtifactFile): Source {
  const { hostPath, instanceId, fileName } = file;
  if (hostPath === null) {
    throw new FailureError(
      'artifact-missing',
      `${fileName} is neither on its host nor on this dashboard's disk any more.`,
      {
        remedy: 'Run the job again to make it anew.',
      },
    );
  }
  return (start, length, onData, signal) =>
    dependencies.openHostRange(instanceId, hostPath, start, length, onData, signal);
}

/** Null when the file is not home, or is not the file that was hashed (another length, a link, a folder). */
async function openHome(file: ArtifactFile): Promise<FileHandle | null> {
  if (file.homePath === null) return null;
  const handle = await open(file.homePath, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ELOOP' || error.code === 'ENOTDIR') return null;
      throw error;
    },
  );
  const stat = await handle?.stat();
  if (stat?.isFile() && stat.size === file.sizeBytes) return handle;
  await handle?.close();
  return null;
}

function wantedRange(request: IncomingMessage, sizeBytes: number, etag: string): ByteRange | 'unsatisfiable' | null {
  const ifRange = request.headers['if-range'];
  return holdsIfRange(typeof ifRange === 'string' ? ifRange : undefined, etag)
    ? parseByteRange(request.headers.range, sizeBytes)
    : null;
}

function setFileHeaders(response: ServerResponse, fileName: string, etag: string): void {
  const safe = fileName.replace(/[^A-Za-z0-9._-]/g, '-');
  response.setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('Content-Disposition', `attachment; filename="${safe}"`);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'private, no-cache');
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', etag);
}
