import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { quantdeckHome } from '../../../lib/launch/prepare-toolchain.mjs';
import { KNOWN_VOCABULARIES } from '../../../lib/model/known-vocabularies';
import { rememberingReader } from '../../../lib/model/remembering-reader';
import { replacedByLoading } from '../../../lib/model/tokenizer-as-loaded';
import { CHECK_TEXT } from '../../../lib/model/tokenizer-check-text';
import { readTokenizerFiles } from '../../../lib/model/tokenizer-files';
import { preTokenizerHash } from '../../../lib/model/tokenizer-hash';
import { readTokenizerSize } from '../../../lib/model/tokenizer-size';
import { tokenizerVocabulary } from '../../../lib/model/tokenizer-vocabulary';
import { createThreadEncoder } from '../../../lib/tokenizers/thread-encoder';
import { describeVocabulary } from '../../support/describe-vocabulary';
import { diskReader } from '../../support/disk-reader';
import { unlessMissing } from '../../support/installed-toolchain';

/** Folders with a published tokenizer, where this machine has them: the demo's model, and what a benchmark fetched. */
const FOLDERS = [
  ['SmolLM 2', path.join(quantdeckHome(), 'checkpoints', 'SmolLM2-135M-Instruct')],
  ['Qwen 2, 2.5 and 3', path.join(quantdeckHome(), 'cache', 'qwen3-tokenizer')],
] as const;
const encode = createThreadEncoder();

describe.each(FOLDERS)('the published tokenizer of %s', (name, folder) => {
  const found = existsSync(folder) ? folder : null;
  it.skipIf(found === null)(
    unlessMissing('is described as it is known', found, 'it'),
    async () => {
      const reader = diskReader(folder);
      const files = await readTokenizerFiles(reader, await reader.list(), null);
      const replaced = replacedByLoading(files, CHECK_TEXT);
      const json = await files.definition?.bytes();
      if (!replaced || !files.definition || !json) throw new Error('not loaded');
      const ids = await encode({ json, replaced: { ...replaced, post_processor: null }, text: CHECK_TEXT });
      const described = await describeVocabulary(name, { ...files.definition.content, ...replaced }, ids ?? []);
      expect(described).toEqual(KNOWN_VOCABULARIES.find((known) => known.name === name));
    },
    60_000,
  );

  const title = 'is recognized by a small part of it, with the same hash, tokens and size as by the whole';
  it.skipIf(found === null)(
    unlessMissing(title, found, 'it'),
    async () => {
      const reader = rememberingReader(diskReader(folder));
      const far = await readTokenizerFiles(reader, await reader.list(), null, KNOWN_VOCABULARIES);
      const hash = await preTokenizerHash(far, encode);
      const size = await readTokenizerSize(reader, KNOWN_VOCABULARIES);
      expect(far.definition?.recognized?.vocabulary.name).toBe(name);
      expect(reader.bytesRead).toBeLessThan(128 * 1024);
      const near = await readTokenizerFiles(reader, await reader.list(), null);
      expect(hash).toEqual({ ...(await preTokenizerHash(near, encode)), isByParts: true });
      expect(tokenizerVocabulary(far)).toEqual(tokenizerVocabulary(near));
      expect(size).toEqual(await readTokenizerSize(reader, []));
    },
    60_000,
  );
});
