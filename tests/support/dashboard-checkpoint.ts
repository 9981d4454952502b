import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { prepareToolchain, quantdeckHome } from '../../lib/launch/prepare-toolchain.mjs';

const run = promisify(execFile);
const REBUILD = path.resolve(import.meta.dirname, '../../lib/launch/demo/rebuild_checkpoint.py');

/**
 * A Llama checkpoint of 27 MB with random weights and the tokenizer of SmolLM2, made once per machine. What it stands
 * on, toolchain and tokenizer, is made as well when the machine lacks it, in the way the demo does it.
 */
export function tinyCheckpoint(): Promise<string> {
  return madeOnce('tiny-llama', 'make_tiny_checkpoint.py');
}

/** A checkpoint of 57 MB in phi-4's shape, as `tinyCheckpoint`. */
export function storyCheckpoint(): Promise<string> {
  return madeOnce('story-phi3', 'make_story_checkpoint.py');
}

async function madeOnce(name: string, maker: string): Promise<string> {
  const checkpoints = path.join(quantdeckHome(), 'checkpoints');
  const folder = path.join(checkpoints, name);
  const toolchain = await prepareToolchain();
  if (existsSync(path.join(folder, 'config.json'))) return folder;
  const tokenizer = path.join(checkpoints, 'SmolLM2-135M-Instruct');
  const cache = path.join(quantdeckHome(), 'cache', 'checkpoints');
  await run(toolchain.python, [REBUILD, '--gguf-py', toolchain.ggufPython, '--out', tokenizer, '--cache', cache]);
  const partial = `${folder}.${process.pid}.partial`;
  await run(toolchain.python, [path.resolve(import.meta.dirname, maker), tokenizer, partial]);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  return folder;
}

/** A copy of a checkpoint, by default the tiny one, whose config.json says something else. */
export async function copyWithConfig(
  target: string,
  changes: Readonly<Record<string, unknown>>,
  original?: string,
): Promise<string> {
  await cp(original ?? (await tinyCheckpoint()), target, { recursive: true });
  const file = path.join(target, 'config.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...config, ...changes }, null, 2));
  return target;
}

/** Lends a host of the test this machine's toolchain, which takes minutes to make. */
export async function lendToolchain(homeFolder: string): Promise<void> {
  await prepareToolchain();
  const root = path.join(homeFolder, '.quantdeck');
  await mkdir(root, { recursive: true });
  await symlink(path.join(quantdeckHome(), 'toolchains'), path.join(root, 'toolchains'));
}
