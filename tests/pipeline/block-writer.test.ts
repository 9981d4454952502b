import { expect, test } from 'vitest';
import { BlockWriter } from '../../lib/pipeline/block-writer';
import type { ArtifactPart } from '../../lib/pipeline/ports';

const KIB = 1024;

/** A part that keeps what is written, each write taking as long as the test wants. */
function memoryPart(write: (chunk: Uint8Array, offset: number) => Promise<void>): ArtifactPart {
  return { write, complete: async () => undefined, close: async () => undefined };
}

test('small pieces reach the file in order as few large writes, whatever their sizes', async () => {
  const file = Buffer.alloc(5000 * KIB + 77);
  const pieces: Buffer[] = [];
  for (let at = 100; at < file.length; ) {
    const length = Math.min(1 + ((at * 7919) % (40 * KIB)), file.length - at);
    pieces.push(Buffer.alloc(length, pieces.length % 251));
    at += length;
  }
  let writes = 0;
  const writer = new BlockWriter(
    memoryPart(async (chunk, offset) => {
      await new Promise((resolve) => setImmediate(resolve));
      writes += 1;
      file.set(chunk, offset);
    }),
    100,
  );
  for (const piece of pieces) await writer.push(piece);
  await writer.flush();
  expect(file.subarray(100).equals(Buffer.concat(pieces))).toBe(true);
  expect(writes).toBeLessThan(6);
});

test('a slow disk stops the one who pushes after two blocks', async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const writer = new BlockWriter(
    memoryPart(() => slow),
    0,
  );
  await writer.push(Buffer.alloc(KIB * KIB));
  let isTaken = false;
  const second = Promise.resolve(writer.push(Buffer.alloc(KIB * KIB))).then(() => {
    isTaken = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isTaken).toBe(false);
  finish();
  await second;
});

test('a failed write is told to the next push and to flush, and nothing is written behind the hole', async () => {
  const offsets: number[] = [];
  const writer = new BlockWriter(
    memoryPart(async (_chunk, offset) => {
      offsets.push(offset);
      throw new Error('the disk is full');
    }),
    0,
  );
  await writer.push(Buffer.alloc(KIB * KIB));
  await expect(writer.push(Buffer.alloc(KIB * KIB))).rejects.toThrow('the disk is full');
  await writer.push(Buffer.alloc(10));
  await expect(writer.flush()).rejects.toThrow('the disk is full');
  expect(offsets).toEqual([0]);
});
