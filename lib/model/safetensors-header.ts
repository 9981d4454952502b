import { formatBytes } from '../domain/bytes';
import { type Failure, FailureError } from '../domain/failure';
import type { ByteRangeReader } from './byte-range-reader';
import { JsonCursor, JsonSyntaxError } from './json-cursor';
import { SAFETENSORS_DTYPE_BITS } from './safetensors-dtypes';

/** The limit of the reference reader (safetensors, MAX_HEADER_SIZE); a real header is about 100 bytes per tensor. */
export const MAX_HEADER_BYTES = 100_000_000;
const MAX_DIMENSIONS = 16;
const LFS_POINTER_START = 'version https://git-lfs.github.com/spec/v1';
/** A single file's header, up to 600 tensors. */
export const FIRST_READ_BYTES = 64 * 1024;

export interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Relative to the data section. */
  readonly begin: number;
  readonly end: number;
  readonly file: string;
}

export interface SafetensorsHeader {
  readonly file: string;
  readonly headerBytes: number;
  readonly dataBytes: number;
  readonly tensors: readonly TensorInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** What all headers of a checkpoint together may still take; shared by the reads, which lower it. */
export interface HeaderBudget {
  remainingBytes: number;
  /** Read of each file before its header's length is known; `header-guess.ts` makes it fit. */
  readonly firstReadBytes?: number;
}

/**
 * Reads and checks the header of one safetensors file: 8 bytes of length, JSON, then data that must fill the file to
 * its last byte, so that a cut file shows without reading its data.
 * @throws FailureError `model-lfs-pointer`, `model-file-truncated` or `model-header-invalid`.
 */
export async function readSafetensorsHeader(
  reader: ByteRangeReader,
  file: string,
  sizeBytes: number,
  budget: HeaderBudget = { remainingBytes: MAX_HEADER_BYTES },
): Promise<SafetensorsHeader> {
  const first = await reader.read(file, 0, Math.min(budget.firstReadBytes ?? FIRST_READ_BYTES, sizeBytes));
  const jsonBytes = readHeaderLength(file, first, sizeBytes);
  budget.remainingBytes -= jsonBytes;
  if (budget.remainingBytes < 0) {
    throw invalid(file, `with its header of ${formatBytes(jsonBytes)}, the headers are larger than any checkpoint's`);
  }
  const wanted = 8 + jsonBytes;
  const start = first.subarray(0, Math.min(first.length, wanted));
  const rest = start.length < wanted ? await reader.read(file, start.length, wanted - start.length) : new Uint8Array();
  if (start.length + rest.length < wanted) {
    throw truncated(file, sizeBytes, `its header of ${formatBytes(jsonBytes)} could not be read to the end`);
  }
  const bytes = new Uint8Array(jsonBytes);
  bytes.set(start.subarray(8), 0);
  bytes.set(rest, Math.max(0, start.length - 8));
  return parseSafetensorsHeader(file, bytes, sizeBytes);
}

/** The JSON's length from a file's first bytes, after ruling out pointers, web pages and cut files. */
export function readHeaderLength(file: string, first: Uint8Array, sizeBytes: number): number {
  const text = new TextDecoder('latin1').decode(first.subarray(0, 200));
  if (text.startsWith(LFS_POINTER_START)) throw lfsPointer(file, text, sizeBytes);
  if (sizeBytes < 8 || first.length < 8) {
    throw truncated(file, sizeBytes, "a safetensors file begins with 8 bytes that give its header's length");
  }
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length === 0n) {
    throw invalid(file, 'its first 8 bytes are zero, so the header was never written', [hexStart(first)]);
  }
  if (length > BigInt(MAX_HEADER_BYTES)) {
    const other = otherFormat(first, text);
    const what = other ?? `its first 8 bytes give a header of ${length} bytes, which no safetensors file has`;
    throw invalid(file, what, [/^\s*</.test(text) ? text.slice(0, 120) : hexStart(first)]);
  }
  if (8 + Number(length) > sizeBytes) {
    throw truncated(file, sizeBytes, `its header alone needs ${8 + Number(length)} bytes`);
  }
  if (first.length > 8 && first[8] !== 0x7b) {
    throw invalid(file, 'its header does not begin with {', [hexStart(first)]);
  }
  return Number(length);
}

/** What a file is by its first bytes, where it is no safetensors file but another kind that is met under this name. */
function otherFormat([first, second]: Uint8Array, text: string): string | null {
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) {
    return 'it holds a web page, most likely an error page saved under this name';
  }
  if (first === 0x1f && second === 0x8b) return 'it is compressed with gzip; unpack it first';
  if (text.startsWith('PK\x03\x04')) return 'it is a zip archive, as torch.save writes its pickles, under another name';
  if (text.startsWith('GGUF')) return 'it is a GGUF file under another name';
  return first === 0x80 && second === 2 ? 'it is a pickle file under another name' : null;
}

/**
 * Checks the JSON part of a header against the size of its file.
 * @throws FailureError as readSafetensorsHeader.
 */
export function parseSafetensorsHeader(file: string, json: Uint8Array, sizeBytes: number): SafetensorsHeader {
  const dataBytes = sizeBytes - 8 - json.length;
  const { tensors, metadata } = readEntries(file, json);
  checkLayout(file, tensors, dataBytes, sizeBytes);
  return { file, headerBytes: 8 + json.length, dataBytes, tensors, metadata };
}

function readEntries(file: string, json: Uint8Array): { tensors: TensorInfo[]; metadata: Record<string, string> } {
  const tensors: TensorInfo[] = [];
  const metadata: [string, string][] = [];
  try {
    const cursor = new JsonCursor(new TextDecoder('utf-8', { fatal: true }).decode(json));
    cursor.object((name) => {
      if (name === '__metadata__') cursor.object((key) => metadata.push([key, cursor.string()]));
      else tensors.push(readTensor(cursor, file, name));
    });
    cursor.end();
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof TypeError) {
      throw invalid(file, `its header is not the JSON that the format asks for: ${error.message}`, [], error);
    }
    throw error;
  }
  return { tensors, metadata: Object.fromEntries(metadata) };
}

function readTensor(cursor: JsonCursor, file: string, name: string): TensorInfo {
  let dtype: string | null = null;
  let shape: number[] | null = null;
  let offsets: number[] | null = null;
  const numbers = (limit: number): number[] => {
    const items: number[] = [];
    cursor.array(() => {
      if (items.length >= limit) throw cursor.error(`more than ${limit} numbers`);
      items.push(cursor.count());
    });
    return items;
  };
  cursor.object((key) => {
    if (key === 'dtype') dtype = cursor.string();
    else if (key === 'shape') shape = numbers(MAX_DIMENSIONS);
    else if (key === 'data_offsets') offsets = numbers(2);
    else cursor.skip();
  });
  const [begin, end] = offsets ?? [];
  if (dtype === null || shape === null || begin === undefined || end === undefined) {
    throw cursor.error(`tensor ${JSON.stringify(name.slice(0, 120))} lacks dtype, shape or data_offsets`);
  }
  return { name, dtype, shape, begin, end, file };
}

/** Each tensor has the bytes its shape needs, and together they cover the data section without hole or overlap. */
function checkLayout(file: string, tensors: readonly TensorInfo[], dataBytes: number, sizeBytes: number): void {
  let covered = 0;
  for (const tensor of [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const needed = tensorBytes(file, tensor);
    if (tensor.end - tensor.begin !== needed) {
      const has = tensor.end - tensor.begin;
      throw invalid(file, `${describe(tensor)} needs ${needed} bytes, but its offsets span ${has}`);
    }
    if (tensor.begin !== covered) {
      const what = tensor.begin < covered ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw invalid(file, `${describe(tensor)} ${what}: it begins at ${tensor.begin}, expected ${covered}`);
    }
    covered = tensor.end;
  }
  if (covered > dataBytes) {
    throw truncated(file, sizeBytes, `its header describes ${sizeBytes - dataBytes + covered} bytes`);
  }
  if (covered < dataBytes) {
    throw invalid(file, `it has ${dataBytes - covered} bytes more than its header describes`);
  }
}

function tensorBytes(file: string, tensor: TensorInfo): number {
  const bits = SAFETENSORS_DTYPE_BITS.get(tensor.dtype);
  if (bits === undefined) throw invalid(file, `${describe(tensor)} has a dtype that the format does not know`);
  const bytes = (elementCount(tensor) * bits) / 8;
  if (!Number.isSafeInteger(bytes)) throw invalid(file, `${describe(tensor)} has no whole number of bytes`);
  return bytes;
}

/** How many elements a shape holds; a shape of no dimensions is one number. */
export function elementCount(tensor: { readonly shape: readonly number[] }): number {
  return tensor.shape.reduce((product, dimension) => product * dimension, 1);
}

/** `model.norm.weight BF16 [576]`. */
export function describe(tensor: Pick<TensorInfo, 'name' | 'dtype' | 'shape'>): string {
  return `${tensor.name.slice(0, 160)} ${tensor.dtype.slice(0, 20)} [${tensor.shape.join(', ')}]`;
}

function hexStart(bytes: Uint8Array): string {
  return `first bytes: ${Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}

function failure(
  code: Failure['code'],
  message: string,
  remedy: string,
  evidence: string[],
  cause?: unknown,
): FailureError {
  return new FailureError(code, message, { remedy, evidence, cause });
}

function invalid(file: string, what: string, evidence: string[] = [], cause?: unknown): FailureError {
  const remedy = 'Fetch this file again from where it was published, or ask its author for an intact copy.';
  return failure(
    'model-header-invalid',
    `${file} is not a readable safetensors file: ${what}.`,
    remedy,
    evidence,
    cause,
  );
}

function truncated(file: string, sizeBytes: number, what: string): FailureError {
  const message = `${file} is cut short: it is ${sizeBytes} bytes (${formatBytes(sizeBytes)}), but ${what}.`;
  return failure('model-file-truncated', message, 'Fetch this file again; the copy did not arrive whole.', []);
}

function lfsPointer(file: string, text: string, sizeBytes: number): FailureError {
  const real = /^size (\d{1,15})$/m.exec(text)?.[1];
  const size = real === undefined ? '' : ` of ${formatBytes(Number(real))}`;
  return failure(
    'model-lfs-pointer',
    `${file} is a Git LFS pointer of ${sizeBytes} bytes, not the weights${size} it stands for.`,
    'Fetch the real file: run "git lfs pull" in the clone, or give the model id and let Quantdeck fetch it.',
    text.split('\n').filter((line) => /^(version|oid|size) /.test(line)),
  );
}
