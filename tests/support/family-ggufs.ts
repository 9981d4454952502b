import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ConfigObject } from '../../lib/model/config-reader';
import { type GgufHeader, readGgufHeader } from '../../lib/model/gguf-header';
import { readSafetensorsHeader, type TensorInfo } from '../../lib/model/safetensors-header';
import { diskReader } from './disk-reader';

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
): Promise<{ converted: FamilyGguf[]; output: string }> {
  const checkpoints = path.join(folder, 'checkpoints');
  const ggufs = path.join(folder, 'ggufs');
  await mkdir(ggufs, { recursive: true });
  await run(python, [path.join(SUPPORT, maker), checkpoints, ...families], OPTIONS);
  for (const family of await readdir(checkpoints)) {
    if (!family.startsWith('Gemma3')) continue;
    const tokenizer = { model: { vocab: { a: 0, b: 1, c: 2 } }, added_tokens: [{ id: 3, content: 'd' }] };
    await writeFile(path.join(checkpoints, family, 'tokenizer.json'), JSON.stringify(tokenizer));
  }
  const made = (await readdir(checkpoints)).map((family) => path.join(checkpoints, family));
  const converter = path.join(SUPPORT, 'convert_without_tokenizer.py');
  const { stdout } = await run(python, [converter, convertScript, ggufs, ...made], OPTIONS);
  const done = (await readdir(ggufs)).map((name) => path.basename(name, '.gguf'));
  const converted: FamilyGguf[] = [];
  for (const family of done) {
    const isWhole = stdout.includes(`converted ${family}\n`);
    if (isWhole) converted.push(await readFamily(checkpoints, ggufs, family));
  }
  return { converted, output: stdout };
}

async function readFamily(checkpoints: string, ggufs: string, family: string): Promise<FamilyGguf> {
  const folder = path.join(checkpoints, family);
  const { size } = await stat(path.join(folder, 'model.safetensors'));
  const { tensors } = await readSafetensorsHeader(diskReader(folder), 'model.safetensors', size);
  const config = JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')) as ConfigObject;
  const name = `${family}.gguf`;
  const gguf = await stat(path.join(ggufs, name));
  const header = await readGgufHeader(diskReader(ggufs), name, gguf.size);
  return { family, tensors, config, file: path.join(ggufs, name), header };
}
