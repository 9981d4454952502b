import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTokenizerFiles } from '../../../lib/model/tokenizer-files';
import { preTokenizerHash } from '../../../lib/model/tokenizer-hash';
import { KNOWN_PRE_TOKENIZERS } from '../../../lib/model/tokenizer-known-hashes';
import { createThreadEncoder } from '../../../lib/tokenizers/thread-encoder';
import { diskReader } from '../../support/disk-reader';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';

const python = toolchainProgram('python');
const converter = cachedPath('toolchains', 'v0.5.0', 'convert');
const smol = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');
const MAKER = path.resolve(import.meta.dirname, '../../support/make_tokenizers.py');
/** Kinds whose hash is not claimed: a step, a model or a class that is not computed here as it is there. */
const UNCLAIMED = new Set([
  'added-by-config-in-text',
  'vocab-llama',
  'punctuation',
  'whitespace',
  'metaspace',
  'unigram',
  'unknown-class',
  'list-of-extra-tokens',
]);

async function hashHere(folder: string): Promise<string | null> {
  const reader = diskReader(folder);
  const files = await readTokenizerFiles(reader, await reader.list(), null);
  return (await preTokenizerHash(files, createThreadEncoder()))?.sha256 ?? null;
}

describe.skipIf(python === null || converter === null)(
  unlessMissing("the converter's hash of a tokenizer", python, 'the toolchain'),
  () => {
    let folder = '';
    let hashes: Record<string, string> = {};
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'quantdeck-tokenizers-'));
      const args = [MAKER, folder, converter ?? '', ...(smol === null ? [] : [smol])];
      const { stdout } = await promisify(execFile)(python ?? '', args, {
        env: { ...process.env, HF_HUB_OFFLINE: '1' },
      });
      hashes = JSON.parse(stdout.slice(stdout.indexOf('{')));
    }, 240_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('is the same here, in every kind that is claimed', async () => {
      const names = Object.keys(hashes).filter((name) => !UNCLAIMED.has(name) && name !== smol);
      expect(names.length).toBeGreaterThanOrEqual(30);
      for (const name of names) {
        expect([name, hashes[name]]).toEqual([name, expect.stringMatching(/^[0-9a-f]{64}$/)]);
        expect([name, await hashHere(path.join(folder, name))]).toEqual([name, hashes[name]]);
      }
    }, 120_000);

    it('is not claimed in the others', async () => {
      for (const name of UNCLAIMED) {
        if (name === 'list-of-extra-tokens') continue;
        expect([name, await hashHere(path.join(folder, name))]).toEqual([name, null]);
      }
    }, 60_000);

    it('is not asked for where loading fails, and it does fail', () => {
      expect(hashes['unknown-class']).toBe('ValueError');
      expect(hashes['list-of-extra-tokens']).toBe('AttributeError');
    });

    it.skipIf(smol === null)('is known for SmolLM2', async () => {
      const hash = await hashHere(smol ?? '');
      expect(hash).toBe(hashes[smol ?? '']);
      expect(KNOWN_PRE_TOKENIZERS.get(hash ?? '')).toBe('smollm');
    });
  },
);
