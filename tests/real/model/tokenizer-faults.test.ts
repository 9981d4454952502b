import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileRepair } from '../../../lib/domain/file-repair';
import { inspectCheckpoint } from '../../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../../lib/model/supported-architectures';
import { createThreadEncoder } from '../../../lib/tokenizers/thread-encoder';
import { diskReader } from '../../support/disk-reader';
import { contentBesideWeights, folderContent } from '../../support/folder-content';
import { cachedPath, toolchainProgram, unlessMissing } from '../../support/installed-toolchain';
import { llamaCppFact } from '../../support/llama-cpp-fact';
import { madeFolder } from '../../support/made-folder';
import { pythonTexts } from '../../support/python-texts';

const run = promisify(execFile);
const python = toolchainProgram('python');
const converter = cachedPath('toolchains', 'v0.5.0', 'convert');
const bench = cachedPath('toolchains', 'v0.5.0', 'bin', 'llama-bench');
const smol = cachedPath('checkpoints', 'SmolLM2-135M-Instruct');
const SUPPORT = path.resolve(import.meta.dirname, '../../support');
const env = { ...process.env, HF_HUB_OFFLINE: '1' };
const isReady = python !== null && converter !== null && bench !== null && smol !== null;

/** What is said before converting, for each of the faults that make_tokenizer_faults.py makes. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'sound-phi4': [],
  'sound-phi-with-pieces': [],
  'sound-llama': [],
  'sound-gemma2': [],
  'sound-byte-fallback': [],
  'sound-sentencepiece': [],
  'pad-with-a-row': [],
  'phi4-other-class': ['model-tokenizer-class-wrong'],
  'phi4-no-class': ['model-tokenizer-class-wrong'],
  'transformers-5': ['model-tokenizer-too-new', 'model-tokenizer-too-new'],
  'transformers-5-list': ['model-tokenizer-too-new'],
  'gemma2-no-model': ['model-tokenizer-missing'],
  'tekken-only': ['model-tokenizer-missing'],
  'pad-beyond-rows': ['model-tokenizer-mismatch'],
  'added-beyond-rows': ['model-tokenizer-mismatch'],
  'tiktoken-as-model': ['model-tokenizer-mismatch'],
  'byte-fallback-padded': ['model-tokenizer-mismatch'],
  'phi3-pieces-beyond-rows': ['model-tokenizer-mismatch'],
  'phi3-added-beyond-rows': ['model-tokenizer-mismatch'],
  'unknown-pre-tokenizer': ['model-pre-tokenizer-unknown'],
  'vocab-and-merges': [],
  'vocab-and-merges-qwen2': ['model-pre-tokenizer-unknown'],
};
const REPAIRABLE = ['phi4-other-class', 'phi4-no-class', 'transformers-5', 'transformers-5-list', 'tiktoken-as-model'];

/** One for all: it knows a tokenizer again. */
const encode = createThreadEncoder();

async function look(folder: string) {
  const { inspection, repair } = await inspectCheckpoint(diskReader(folder), {
    supportsArchitecture: supportsTextArchitecture,
    encode,
  });
  const blocking = inspection.findings.filter(({ severity }) => severity === 'blocks');
  return { codes: blocking.map(({ code }) => code), fileRepairs: repair.files };
}

async function apply(folder: string, repair: FileRepair): Promise<void> {
  if (repair.kind === 'take-file-from') throw new Error('no other repository here');
  if (repair.kind === 'leave-out') {
    for (const file of repair.files) await rm(path.join(folder, file));
    return;
  }
  const file = path.join(folder, repair.file);
  const content = JSON.parse(await readFile(file, 'utf8'));
  if (repair.kind === 'set-tokenizer-class') content.tokenizer_class = repair.after;
  else if (repair.kind === 'rename-field') {
    content[repair.to] = content[repair.from];
    delete content[repair.from];
  }
  await writeFile(file, JSON.stringify(content));
}

/** What the converter says of a checkpoint, `ok` or its error, and whether llama.cpp loads what was written. */
interface Outcome {
  readonly said: string;
  readonly loads: boolean;
}

/** The outcome of each folder, by its name. */
async function outcomesOf(folders: readonly string[]): Promise<Record<string, Outcome>> {
  const contents = folders.map(async (folder) => [path.basename(folder), await folderContent(folder)]);
  const inputs = ['tokenizer faults', await pythonTexts(SUPPORT), await Promise.all(contents)];
  return llamaCppFact(inputs, () => convertAndLoad(folders));
}

async function convertAndLoad(folders: readonly string[]): Promise<Record<string, Outcome>> {
  const target = await mkdtemp(path.join(tmpdir(), 'quantdeck-tokenizer-faults-'));
  try {
    const args = [path.join(SUPPORT, 'convert_checkpoints.py'), converter ?? '', target, ...folders];
    const { stdout } = await run(python ?? '', args, { env });
    const outcomes: Record<string, Outcome> = {};
    for (const [name, said] of Object.entries<string>(JSON.parse(stdout.slice(stdout.indexOf('{'))))) {
      outcomes[name] = { said, loads: said === 'ok' && (await loads(path.join(target, `${name}.gguf`))) };
    }
    return outcomes;
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

function loads(file: string): Promise<boolean> {
  return run(bench ?? '', ['-m', file, '-p', '4', '-n', '1', '-r', '1', '-o', 'jsonl']).then(
    () => true,
    (error: { code: unknown; signal: unknown }) => {
      // Not started, or killed from outside: that says nothing of the file and must not be remembered of it.
      if (typeof error.code === 'string' || error.signal === 'SIGKILL') throw error;
      return false;
    },
  );
}

describe.skipIf(!isReady)(
  unlessMissing('faulty tokenizer files', isReady ? '' : null, 'the toolchain or SmolLM2'),
  () => {
    let folder = '';
    let repaired = '';
    beforeAll(async () => {
      const inputs = [await pythonTexts(SUPPORT), await contentBesideWeights(smol ?? '')];
      folder = await madeFolder('tokenizer-faults', inputs, async (target) => {
        await run(python ?? '', [path.join(SUPPORT, 'make_tokenizer_faults.py'), target, smol ?? ''], { env });
      });
      repaired = await mkdtemp(path.join(tmpdir(), 'quantdeck-tokenizer-repairs-'));
    }, 180_000);
    afterAll(() => rm(repaired, { recursive: true, force: true }));

    it('are found before converting exactly where the converter fails, or its file does not load', async () => {
      const outcomes = await outcomesOf(Object.keys(EXPECTED).map((name) => path.join(folder, name)));
      for (const [name, codes] of Object.entries(EXPECTED)) {
        const { said, loads } = outcomes[name] ?? {};
        expect([name, said, loads]).toEqual([name, said, codes.length === 0]);
        expect([name, (await look(path.join(folder, name))).codes]).toEqual([name, codes]);
      }
    }, 240_000);

    it('convert and load once the repairs are made, where there are any', async () => {
      for (const name of Object.keys(EXPECTED)) {
        const { fileRepairs } = await look(path.join(folder, name));
        expect([name, fileRepairs.length > 0]).toEqual([name, REPAIRABLE.includes(name)]);
        if (fileRepairs.length === 0) continue;
        const copy = path.join(repaired, name);
        await cp(path.join(folder, name), copy, { recursive: true });
        for (const repair of fileRepairs) await apply(copy, repair);
      }
      const outcomes = await outcomesOf(REPAIRABLE.map((name) => path.join(repaired, name)));
      for (const name of REPAIRABLE) {
        expect([name, outcomes[name]]).toEqual([name, { said: 'ok', loads: true }]);
        expect([name, (await look(path.join(repaired, name))).codes]).toEqual([name, []]);
      }
    }, 240_000);
  },
);
