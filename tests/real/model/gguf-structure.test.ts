import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ByteRangeReader } from '../../../lib/model/byte-range-reader';
import { checkGgufStructure } from '../../../lib/model/gguf-structure';
import { diskReader } from '../../support/disk-reader';
import { cachedPath, unlessMissing } from '../../support/installed-toolchain';

const file = cachedPath('cache', 'checkpoints', 'SmolLM2-135M-Instruct.Q4_1.gguf');
const title = (text: string) => unlessMissing(text, file, 'a real GGUF');

function open(): { reader: ByteRangeReader; name: string } {
  return { reader: diskReader(path.dirname(file ?? '')), name: path.basename(file ?? '') };
}

it.skipIf(file === null)(title('a GGUF that llama.cpp wrote is found sound'), async () => {
  const { reader, name } = open();
  const { size } = await stat(file ?? '');
  const result = await checkGgufStructure(reader, name, size);
  expect(result).toMatchObject({
    isOk: true,
    problems: [],
    architecture: 'llama',
    tensorCount: 272,
    parameterCount: 134_515_008,
  });
});

it.skipIf(file === null)(title('the same file, cut by one byte, is not'), async () => {
  const { reader, name } = open();
  const { size } = await stat(file ?? '');
  const result = await checkGgufStructure(reader, name, size - 1);
  expect(result.isOk).toBe(false);
  expect(result.problems.join()).toContain('cut short');
});
