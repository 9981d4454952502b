import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTokenizerFiles } from '../../../lib/model/tokenizer-files';
import { preTokenizerHash } from '../../../lib/model/tokenizer-hash';
import { KNOWN_PRE_TOKENIZERS } from '../../../lib/model/tokenizer-known-hashes';
import { createThreadEncoder } from '../../../lib/tokenizers/thread-encoder';
import { diskReader } from '../../support/disk-reader';
import { contentBesideWeights } from '../../support/folder-content';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';
import { madeFolder } from '../../support/made-folder';
import { pythonTexts } from '../../support/python-texts';

const python = toolchainProgram('python');
const converter = cachedPath('toolchains', 'v0.5.0', 'convert');
const smol = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');
const SUPPORT = path.resolve(import.meta.dirname, '../../support');
const HASHES = 'hashes.json';
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

/** Makes the tokenizers and writes beside them what the converter says of each. */
async function makeTokenizers(target: string): Promise<void> {
  const args = [path.join(SUPPORT, 'make_tokenizers.py'), target, converter ?? '', ...(smol === null ? [] : [smol])];
  const { stdout } = await promisify(execFile)(python ?? '', args, { env: { ...process.env, HF_HUB_OFFLINE: '1' } });
  await writeFile(path.join(target, HASHES), stdout.slice(stdout.indexOf('{')));
}

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
      const inputs = [await pythonTexts(SUPPORT), smol, smol && (await contentBesideWeights(smol))];
      folder = await madeFolder('tokenizers', inputs, makeTokenizers);
      hashes = JSON.parse(await readFile(path.join(folder, HASHES), 'utf8'));
    }, 240_000);

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
