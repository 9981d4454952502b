import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ConfigObject } from '../../lib/model/config-reader';
import { type GgufHeader, readGgufHeader } from '../../lib/model/gguf-header';
import { readSafetensorsHeader, type TensorInfo } from '../../lib/model/safetensors-header';
import { diskReader } from './disk-reader';
import { madeFolder } from './made-folder';
import { pythonTexts } from './python-texts';

const SUPPORT = import.meta.dirname;
const run = promisify(execFile);
const OPTIONS = { env: { ...process.env, HF_HUB_OFFLINE: '1' }, maxBuffer: 64 * 1024 * 1024 };

export interface FamilyGguf {
  readonly family: string;
  readonly tensors: readonly TensorInfo[];
  readonly config: ConfigObject;
  readonly file: string;
  readonly header: GgufHeader;
}

/** A tokenizer of four tokens: Gemma 3's converter cuts the embedding to what it counts there. */
export const GEMMA_TOKENS = 4;
const GEMMA_TOKENIZER = JSON.stringify({
  model: { vocab: { a: 0, b: 1, c: 2 } },
  added_tokens: [{ id: 3, content: 'd' }],
});

/** All that a conversion of families depends on besides the toolchain. */
export async function familyInputs(maker: string, families: readonly string[] = []): Promise<readonly unknown[]> {
  return [maker, families, GEMMA_TOKENIZER, await pythonTexts(SUPPORT)];
}

/** The same as `convertFamilies` for all families of a maker, done once; the files are to be read only. */
export async function rememberedFamilies(python: string, convertScript: string, maker: string): Promise<FamilyGguf[]> {
  const folder = await madeFolder('family-ggufs', await familyInputs(maker), async (target) => {
    await convertFamilies(python, convertScript, target, maker);
  });
  return readFamilies(folder);
}

/**
 * Saves checkpoints with one of the makers of this folder, converts them with the installed converter, and reads both.
 * @returns one entry for every family that this converter can do.
 */
export async function convertFamilies(
  python: string,
  convertScript: string,
  folder: string,
  maker: string,
  families: readonly string[] = [],
): Promise<FamilyGguf[]> {
  const checkpoints = path.join(folder, 'checkpoints');
  const ggufs = path.join(folder, 'ggufs');
  await mkdir(ggufs, { recursive: true });
  await run(python, [path.join(SUPPORT, maker), checkpoints, ...families], OPTIONS);
  for (const family of await readdir(checkpoints)) {
    if (!family.startsWith('Gemma3')) continue;
    await writeFile(path.join(checkpoints, family, 'tokenizer.json'), GEMMA_TOKENIZER);
  }
  const made = (await readdir(checkpoints)).map((family) => path.join(checkpoints, family));
  const converter = path.join(SUPPORT, 'convert_without_tokenizer.py');
  const { stdout } = await run(python, [converter, convertScript, ggufs, ...made], OPTIONS);
  for (const name of await readdir(ggufs)) {
    const isWhole = stdout.includes(`converted ${path.basename(name, '.gguf')}\n`);
    if (!isWhole) await rm(path.join(ggufs, name));
  }
  return readFamilies(folder);
}

async function readFamilies(folder: string): Promise<FamilyGguf[]> {
  const names = await readdir(path.join(folder, 'ggufs'));
  return Promise.all(names.map((name) => readFamily(folder, path.basename(name, '.gguf'))));
}

async function readFamily(made: string, family: string): Promise<FamilyGguf> {
  const ggufs = path.join(made, 'ggufs');
  const folder = path.join(made, 'checkpoints', family);
  const { size } = await stat(path.join(folder, 'model.safetensors'));
  const { tensors } = await readSafetensorsHeader(diskReader(folder), 'model.safetensors', size);
  const config = JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')) as ConfigObject;
  const name = `${family}.gguf`;
  const gguf = await stat(path.join(ggufs, name));
  const header = await readGgufHeader(diskReader(ggufs), name, gguf.size);
  return { family, tensors, config, file: path.join(ggufs, name), header };
}
