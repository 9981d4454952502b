import { open } from 'node:fs/promises';
import path from 'node:path';

/** bfloat16: all exponent bits and one of the mantissa. */
const NAN = Buffer.from([0xc0, 0x7f]);

/** Writes a number that is none into one tensor of a folder's model.safetensors: no header shows it. */
export async function putNan(folder: string, tensor: string): Promise<void> {
  const file = await open(path.join(folder, 'model.safetensors'), 'r+');
  try {
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const headerBytes = Number(length.readBigUInt64LE());
    const header = Buffer.alloc(headerBytes);
    await file.read(header, 0, headerBytes, 8);
    const tensors = JSON.parse(header.toString()) as Record<string, { data_offsets: [number, number] }>;
    const begin = tensors[tensor]?.data_offsets[0];
    if (begin === undefined) throw new Error(`no tensor ${tensor}`);
    await file.write(NAN, 0, NAN.length, 8 + headerBytes + begin);
  } finally {
    await file.close();
  }
}
