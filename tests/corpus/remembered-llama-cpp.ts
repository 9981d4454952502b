import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { folderContent } from '../support/folder-content';
import { madeFolder } from '../support/made-folder';
import { pythonTexts } from '../support/python-texts';
import {
  type AskLlamaCpp,
  type LlamaCppAnswer,
  type LlamaCppRequest,
  runLlamaCpp,
  type Toolchain,
} from './llama-cpp-batch';

const ANSWERS = 'answers.json';
const GGUF = 'out.gguf';
const TIMED_OUT = 124;

/**
 * `runLlamaCpp` that remembers its answers, and the GGUFs that are to be kept, by the content of the folders that it is
 * given: when one file of one repaired checkpoint is other than before, all of them are converted again. GGUFs come as
 * links, to be read only.
 * @param name of what is asked, for the cache.
 * @returns a function that throws when a program was killed or took too long: this machine's doing, not to be remembered.
 */
export function rememberedLlamaCpp(name: string, toolchain: Toolchain): AskLlamaCpp {
  return async (requests, prefix) => {
    const inputs = [prefix, await pythonTexts(import.meta.dirname), ...(await Promise.all(requests.map(contentOf)))];
    const made = await madeFolder(name, inputs, async (folder) => {
      const moved = requests.map((request, at) => ({ ...request, work: path.join(folder, String(at)) }));
      const answers = await runLlamaCpp(toolchain, moved, prefix);
      for (const answer of answers.values())
        if (wasStopped(answer)) throw new Error(`Stopped: ${JSON.stringify(answer)}`);
      await writeFile(path.join(folder, ANSWERS), JSON.stringify([...answers]));
    });
    for (const [at, { work }] of requests.entries()) await linkGguf(path.join(made, String(at), GGUF), work);
    const answers = JSON.parse(await readFile(path.join(made, ANSWERS), 'utf8')) as [string, LlamaCppAnswer][];
    return new Map(answers);
  };
}

/** By a signal, which is a negative exit code in Python, or after run_llama_cpp.py's time. */
function wasStopped({ convert, quantize, generate }: LlamaCppAnswer): boolean {
  return [convert, quantize, generate].some((run) => run && (run.exitCode < 0 || run.exitCode === TIMED_OUT));
}

/** The converter writes the folder's own name into the GGUF, but not where it is. */
async function contentOf({ id, folder, keep, tools }: LlamaCppRequest): Promise<unknown> {
  return { id, leaf: path.basename(folder), files: await folderContent(folder), keep, tools };
}

async function linkGguf(gguf: string, work: string): Promise<void> {
  if (!existsSync(gguf)) return;
  await mkdir(work, { recursive: true });
  await rm(path.join(work, GGUF), { force: true });
  await symlink(gguf, path.join(work, GGUF));
}
