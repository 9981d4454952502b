import { describe, expect, it } from 'vitest';
import { isFailureError } from '../../lib/domain/failure';
import { readSafetensorsHeader, type SafetensorsHeader } from '../../lib/model/safetensors-header';
import { memoryReader } from '../support/memory-reader';
import { safetensorsBytes, safetensorsFile } from '../support/safetensors-file';
import { seededRandom } from '../support/seeded-random';

const FILE = 'model.safetensors';

function read(bytes: Uint8Array): Promise<SafetensorsHeader> {
  return readSafetensorsHeader(memoryReader({ [FILE]: bytes }), FILE, bytes.length);
}

async function codeAndMessage(bytes: Uint8Array): Promise<string> {
  try {
    await read(bytes);
    return 'accepted';
  } catch (error) {
    if (!isFailureError(error)) throw error;
    return `${error.failure.code}: ${error.message}`;
  }
}

const two = safetensorsFile({ a: { shape: [2, 3], dtype: 'F32' }, b: { shape: [4], dtype: 'BF16' } });

describe('readSafetensorsHeader', () => {
  it('reads names, dtypes, shapes and metadata', async () => {
    const header = await read(two);
    expect(header.tensors).toEqual([
      { name: 'a', dtype: 'F32', shape: [2, 3], begin: 0, end: 24, file: FILE },
      { name: 'b', dtype: 'BF16', shape: [4], begin: 24, end: 32, file: FILE },
    ]);
    expect(header.metadata).toEqual({ format: 'pt' });
    expect(header.dataBytes).toBe(32);
  });

  it('reads a header larger than its first read, and no data', async () => {
    const tensors = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`model.layers.${index}.weight`, [64]]),
    );
    const bytes = safetensorsFile(tensors);
    const reader = memoryReader({ [FILE]: bytes });
    const header = await readSafetensorsHeader(reader, FILE, bytes.length);
    expect(header.tensors).toHaveLength(3000);
    expect(reader.bytesRead()).toBe(header.headerBytes);
  });

  it('accepts white space behind the header, escapes in names, empty tensors and unknown keys', async () => {
    const text =
      '{"x\\u0041\\n":{"dtype":"F4","shape":[4],"data_offsets":[0,2],"new":{"deep":[1,-2.5e3,true,null,"s"]}},"e":{"dtype":"F32","shape":[0,7],"data_offsets":[2,2]}}   \n';
    const header = await read(safetensorsBytes(text, 2));
    expect(header.tensors.map((tensor) => tensor.name)).toEqual(['xA\n', 'e']);
  });

  it.each([
    ['cut data', two.subarray(0, two.length - 1), /model-file-truncated: .* is cut short/],
    ['a cut header', two.subarray(0, 40), /model-file-truncated/],
    ['a cut length', two.subarray(0, 5), /model-file-truncated/],
    ['an empty file', new Uint8Array(), /model-file-truncated/],
    ['bytes behind the data', Buffer.concat([two, new Uint8Array(3)]), /model-header-invalid: .*3 bytes more/],
    ['zeros', new Uint8Array(100), /model-header-invalid: .*never written/],
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>404</body></html>'), /model-header-invalid: .*web page/],
    [
      'random bytes',
      Buffer.from('PL\u0003\u0004some file with text in it'),
      /model-header-invalid: .*no safetensors file has/,
    ],
    [
      'a zip archive',
      Buffer.from('PK\u0003\u0004some zip archive with text in it'),
      /model-header-invalid: .*torch\.save/,
    ],
    ['a gzip file', Buffer.from('1f8b080049fa1c6700034b4c', 'hex'), /model-header-invalid: .*gzip/],
    ['a GGUF file', Buffer.from('GGUF\u0003\0\0\0and so on'), /model-header-invalid: .*GGUF/],
    ['another first character', safetensorsBytes('[1,2,3]', 0), /model-header-invalid: .*begin with \{/],
    [
      'a Git LFS pointer',
      Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 4200000000\n`),
      /model-lfs-pointer: .*3\.9 GiB/,
    ],
    ['text after the header', safetensorsBytes('{}x', 0), /text after the end/],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from([5, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x22, 0x7d])]),
      /model-header-invalid/,
    ],
    [
      'a duplicate tensor',
      safetensorsBytes(
        '{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}',
        2,
      ),
      /"a" appears twice/,
    ],
    [
      'a duplicate field',
      safetensorsBytes('{"a":{"dtype":"U8","dtype":"U8","shape":[],"data_offsets":[0,1]}}', 1),
      /"dtype" appears twice/,
    ],
    ['metadata that is no text', safetensorsBytes('{"__metadata__":{"a":1}}', 0), /expected a string/],
    [
      'overlapping tensors',
      safetensorsBytes(
        '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}',
        6,
      ),
      /b U8 \[4\] overlaps/,
    ],
    ['a hole', safetensorsBytes('{"a":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}', 6), /leaves a hole/],
    [
      'the wrong size for the shape',
      safetensorsBytes('{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}}', 4),
      /needs 16 bytes, but its offsets span 4/,
    ],
    [
      'an unknown dtype',
      safetensorsBytes('{"a":{"dtype":"F7","shape":[4],"data_offsets":[0,4]}}', 4),
      /dtype that the format does not know/,
    ],
    [
      'half a byte',
      safetensorsBytes('{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}', 1),
      /no whole number of bytes/,
    ],
    [
      'a shape past every number',
      safetensorsBytes('{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}', 4),
      /no whole number of bytes/,
    ],
    ['a negative size', safetensorsBytes('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4), /whole number/],
    ['a fraction', safetensorsBytes('{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}', 4), /whole number/],
    ['no offsets', safetensorsBytes('{"a":{"dtype":"F32","shape":[1]}}', 4), /lacks dtype, shape or data_offsets/],
    [
      'three offsets',
      safetensorsBytes('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}', 1),
      /more than 2 numbers/,
    ],
    [
      'many dimensions',
      safetensorsBytes(`{"a":{"dtype":"U8","shape":[${Array(17).fill(1).join(',')}],"data_offsets":[0,1]}}`, 1),
      /more than 16/,
    ],
    ['deep nesting', safetensorsBytes(`{"a":{"x":${'['.repeat(5000)}${']'.repeat(5000)}}}`, 0), /nested too deeply/],
    ['a string without an end', safetensorsBytes('{"a', 0), /does not end/],
    ['a false escape', safetensorsBytes('{"\\x":1}', 0), /escape/],
    ['a false word', safetensorsBytes('{"a":{"x":tru}}', 0), /expected a value/],
    ['no colon', safetensorsBytes('{"a" {}}', 0), /expected :/],
    ['no end', safetensorsBytes('{"a":{"dtype":"U8","shape":[],"data_offsets":[0,0]', 0), /expected/],
  ])('refuses %s in words', async (_what, bytes, expected) => {
    expect(await codeAndMessage(bytes)).toMatch(expected);
  });

  it('refuses a file whose reader gives less than its size', async () => {
    const bytes = safetensorsFile(Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`tensor.${at}`, [64]])));
    const reader = memoryReader({ [FILE]: bytes.subarray(0, 70_000) });
    await expect(readSafetensorsHeader(reader, FILE, bytes.length)).rejects.toThrow('cut short');
  });
});

describe('any damage to a file', () => {
  it('is either noticed with a closed code or leaves a header that still describes the whole file', async () => {
    const next = seededRandom(20260101);
    let refused = 0;
    for (let round = 0; round < 3000; round += 1) {
      let bytes = new Uint8Array(two);
      for (let change = 0; change <= next() * 3; change += 1) {
        bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
      }
      if (next() < 0.2) bytes = bytes.slice(0, Math.floor(next() * bytes.length));
      const outcome = await codeAndMessage(bytes);
      if (outcome === 'accepted') {
        const header = await read(bytes);
        const covered = header.tensors.reduce((sum, tensor) => sum + tensor.end - tensor.begin, 0);
        expect(header.headerBytes + covered).toBe(bytes.length);
      } else {
        refused += 1;
        expect(outcome).toMatch(/^model-(header-invalid|file-truncated|lfs-pointer): /);
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
