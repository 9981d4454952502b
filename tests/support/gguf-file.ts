/** A writer of small GGUF files for tests, kept apart from the reader under test. */
export interface GgufTestTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly type?: number;
  readonly bytes: number;
  readonly offset?: number;
}

export type GgufTestValue =
  | string
  | number
  | readonly string[]
  | { readonly u64: bigint }
  | { readonly raw: Uint8Array };

export interface GgufTestFile {
  readonly version?: number;
  readonly metadata?: readonly (readonly [string, GgufTestValue])[];
  readonly tensors?: readonly GgufTestTensor[];
  readonly alignment?: number;
}

/** Bytes of a GGUF with zeros as data. */
export function ggufFile(file: GgufTestFile): Uint8Array {
  const { version = 3, metadata = [], tensors = [], alignment = 32 } = file;
  const parts: Buffer[] = [Buffer.from('GGUF'), u32(version), u64(tensors.length), u64(metadata.length)];
  for (const [key, value] of metadata) parts.push(text(key), typed(value));
  let offset = 0;
  let dataBytes = 0;
  for (const tensor of tensors) {
    const at = tensor.offset ?? offset;
    parts.push(
      text(tensor.name),
      u32(tensor.dimensions.length),
      ...tensor.dimensions.map(u64),
      u32(tensor.type ?? 0),
      u64(at),
    );
    dataBytes = Math.max(dataBytes, at + tensor.bytes);
    offset = Math.ceil((at + tensor.bytes) / alignment) * alignment;
  }
  const header = Buffer.concat(parts);
  const padding = Buffer.alloc(Math.ceil(header.length / alignment) * alignment - header.length);
  return Buffer.concat([header, padding, Buffer.alloc(dataBytes)]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export function text(value: string): Buffer {
  return Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
}

function typed(value: GgufTestValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
  if (typeof value === 'number') return Buffer.concat([u32(4), u32(value)]);
  if ('raw' in value) return Buffer.from(value.raw);
  if ('u64' in value) return Buffer.concat([u32(10), u64(value.u64)]);
  return Buffer.concat([u32(9), u32(8), u64(value.length), ...value.map(text)]);
}
