import type { ByteRangeReader } from './byte-range-reader';
import { ByteStream } from './byte-stream';

/** A metadata value; of an array only its length and first items are kept: vocabularies have a quarter million. */
export type GgufValue = number | bigint | boolean | string | GgufArray;

export interface GgufArray {
  readonly length: number;
  readonly first: readonly GgufValue[];
}

export interface GgufTensor {
  readonly name: string;
  /** In GGUF's order: the fastest-running dimension first, the reverse of safetensors. */
  readonly dimensions: readonly number[];
  readonly typeNumber: number;
  /** Relative to the data section. */
  readonly offset: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
  readonly alignment: number;
  /** Where the data section begins, bytes. */
  readonly dataStart: number;
}

/** Thrown when a file is no GGUF or its header breaks a limit; the message is a sentence about it. */
export class GgufFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GgufFormatError';
  }
}

const MAX_METADATA = 100_000;
const MAX_TENSORS = 1_000_000;
const MAX_STRING_BYTES = 16 * 1024 * 1024;
const MAX_ARRAY_ITEMS = 16 * 1024 * 1024;
const MAX_DEPTH = 4;
const MAX_DIMENSIONS = 4;
const KEPT_ITEMS = 4;
const MAX_KEPT_TEXT = 64 * 1024;
const DEFAULT_ALIGNMENT = 32;
const STRING = 8;
const ARRAY = 9;
/** Bytes of each scalar type by its number: u8 i8 u16 i16 u32 i32 f32 bool, string, array, u64 i64 f64. */
const SCALAR_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8] as const;

/**
 * Reads a GGUF header of version 2 or 3 over a byte-range port. Every count and length is bounded before it is used.
 * @throws GgufFormatError, EndOfFileError
 */
export async function readGgufHeader(reader: ByteRangeReader, path: string, sizeBytes: number): Promise<GgufHeader> {
  const stream = new ByteStream(reader, path, sizeBytes);
  const { version, tensorCount, metadataCount } = await readStart(stream);
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < metadataCount; index += 1) {
    const key = await readString(stream);
    if (metadata.has(key)) throw new GgufFormatError(`The metadata key ${quote(key)} appears twice.`);
    await stream.need(4);
    metadata.set(key, await readValue(stream, stream.takeUint32(), 0));
  }
  const tensors: GgufTensor[] = [];
  for (let index = 0; index < tensorCount; index += 1) tensors.push(await readTensor(stream));
  const alignment = Number(metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT);
  if (!Number.isInteger(alignment) || alignment < 8 || alignment > 65_536 || alignment % 8 !== 0) {
    throw new GgufFormatError(`The alignment ${alignment} is not a multiple of 8.`);
  }
  const dataStart = Math.ceil(stream.position / alignment) * alignment;
  return { version, metadata, tensors, alignment, dataStart };
}

async function readStart(stream: ByteStream): Promise<{ version: number; tensorCount: number; metadataCount: number }> {
  if (stream.sizeBytes < 24)
    throw new GgufFormatError(`The file has ${stream.sizeBytes} bytes; a GGUF header alone has 24.`);
  await stream.need(24);
  const magic = new TextDecoder('latin1').decode(stream.takeBytes(4));
  if (magic !== 'GGUF') throw new GgufFormatError(`The file begins with ${quote(magic)}, a GGUF with "GGUF".`);
  const version = stream.takeUint32();
  if (version !== 2 && version !== 3) throw new GgufFormatError(`GGUF version ${version} is not known; 2 and 3 are.`);
  const tensorCount = bounded(stream.takeUint64(), MAX_TENSORS, 'tensors');
  const metadataCount = bounded(stream.takeUint64(), MAX_METADATA, 'metadata entries');
  return { version, tensorCount, metadataCount };
}

async function readTensor(stream: ByteStream): Promise<GgufTensor> {
  const name = await readString(stream);
  await stream.need(4);
  const count = stream.takeUint32();
  if (count > MAX_DIMENSIONS)
    throw new GgufFormatError(`Tensor ${quote(name)} has ${count} dimensions; 4 is the most.`);
  await stream.need(count * 8 + 12);
  const dimensions: number[] = [];
  for (let axis = 0; axis < count; axis += 1) {
    dimensions.push(bounded(stream.takeUint64(), Number.MAX_SAFE_INTEGER, `elements along one side of ${quote(name)}`));
  }
  const typeNumber = stream.takeUint32();
  const offset = bounded(stream.takeUint64(), Number.MAX_SAFE_INTEGER, `bytes before ${quote(name)}`);
  return { name, dimensions, typeNumber, offset };
}

async function readString(stream: ByteStream): Promise<string> {
  await stream.need(8);
  const length = bounded(stream.takeUint64(), MAX_STRING_BYTES, 'bytes in one string');
  await stream.need(length);
  const bytes = stream.takeBytes(length);
  return new TextDecoder().decode(bytes.length > MAX_KEPT_TEXT ? bytes.subarray(0, MAX_KEPT_TEXT) : bytes);
}

async function readValue(stream: ByteStream, type: number, depth: number): Promise<GgufValue> {
  if (type === STRING) return readString(stream);
  if (type === ARRAY) return readArray(stream, depth + 1);
  const length = SCALAR_BYTES[type];
  if (length === undefined) throw new GgufFormatError(`Metadata of type ${type} is not known.`);
  await stream.need(length);
  return readScalar(stream.takeView(length), type);
}

async function readArray(stream: ByteStream, depth: number): Promise<GgufArray> {
  if (depth > MAX_DEPTH) throw new GgufFormatError(`Arrays are nested more than ${MAX_DEPTH} deep.`);
  await stream.need(12);
  const type = stream.takeUint32();
  const length = bounded(stream.takeUint64(), MAX_ARRAY_ITEMS, 'items in one array');
  const first: GgufValue[] = [];
  const kept = Math.min(length, KEPT_ITEMS);
  for (let index = 0; index < kept; index += 1) first.push(await readValue(stream, type, depth));
  const scalarBytes = SCALAR_BYTES[type];
  if (type === STRING) await skipStrings(stream, length - kept);
  else if (type === ARRAY) for (let index = kept; index < length; index += 1) await readArray(stream, depth + 1);
  else if (scalarBytes !== undefined) stream.skip((length - kept) * scalarBytes);
  else throw new GgufFormatError(`An array of type ${type} is not known.`);
  return { length, first };
}

async function skipStrings(stream: ByteStream, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    // A vocabulary has hundreds of thousands of strings: waiting for a promise at each would take seconds.
    if (!stream.has(8)) await stream.need(8);
    stream.skip(bounded(stream.takeUint64(), MAX_STRING_BYTES, 'bytes in one string'));
  }
}

function readScalar(view: DataView, type: number): number | bigint | boolean {
  switch (type) {
    case 0:
      return view.getUint8(0);
    case 1:
      return view.getInt8(0);
    case 2:
      return view.getUint16(0, true);
    case 3:
      return view.getInt16(0, true);
    case 4:
      return view.getUint32(0, true);
    case 5:
      return view.getInt32(0, true);
    case 6:
      return view.getFloat32(0, true);
    case 7:
      return view.getUint8(0) !== 0;
    case 10:
      return view.getBigUint64(0, true);
    case 11:
      return view.getBigInt64(0, true);
    default:
      return view.getFloat64(0, true);
  }
}

function bounded(value: bigint, limit: number, what: string): number {
  if (value > BigInt(limit))
    throw new GgufFormatError(`The header speaks of ${value} ${what}, more than any model has.`);
  return Number(value);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
