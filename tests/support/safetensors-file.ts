/** Dtypes that tests write; the bits come from the format, not from the code under test. */
const DTYPE_BYTES = { F32: 4, BF16: 2, F16: 2, I64: 8, I32: 4, U8: 1 } as const;

export type TestDtype = keyof typeof DTYPE_BYTES;

export interface TestTensor {
  readonly shape: readonly number[];
  readonly dtype?: TestDtype;
}

export type TestTensors = Readonly<Record<string, TestTensor | readonly number[]>>;

/** A whole safetensors file with zeros as data: real header, real size. */
export function safetensorsFile(
  tensors: TestTensors,
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, entry] of Object.entries(tensors)) {
    const { shape, dtype = 'BF16' } = 'shape' in entry ? entry : { shape: entry };
    const bytes = shape.reduce((product, size) => product * size, 1) * DTYPE_BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  return safetensorsBytes(JSON.stringify(header), offset);
}

/** A file with any header text and so many bytes of data: for headers that no writer would write. */
export function safetensorsBytes(headerText: string, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(headerText);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
