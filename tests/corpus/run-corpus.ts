import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CorpusCase } from './corpus-folder';
import { type CaseVerdict, judgeCase } from './judge-case';
import { type LlamaCppAnswer, type LlamaCppRequest, runLlamaCpp } from './llama-cpp-batch';
import { askQuantdeck, problemsAfterConverting, type QuantdeckAnswer } from './quantdeck-answer';

export interface CorpusRun {
  readonly verdicts: readonly CaseVerdict[];
  /** How long all checks together took, without conversions. */
  readonly checksMs: number;
}

/**
 * Every checkpoint twice: llama.cpp's tools over the folder as it is, and Quantdeck's check, its repairs and then the
 * same converter. Each result is compared with the GGUF of the undamaged checkpoint.
 */
export async function runCorpus(
  toolchain: { readonly python: string; readonly folder: string },
  cases: readonly CorpusCase[],
  workFolder: string,
): Promise<CorpusRun> {
  const startedMs = performance.now();
  const answers = new Map<string, QuantdeckAnswer>();
  for (const entry of cases) {
    answers.set(entry.id, await askQuantdeck(entry.folder, path.join(workFolder, 'staged', entry.id)));
  }
  const checksMs = performance.now() - startedMs;
  const plainRequests = cases.map((entry) => request(workFolder, 'plain', entry.id, entry.folder));
  const repairedRequests = cases.flatMap((entry) => {
    const staged = answers.get(entry.id)?.staged ?? null;
    return staged === null ? [] : [request(workFolder, 'repaired', entry.id, staged)];
  });
  const results = await runLlamaCpp(toolchain, [...plainRequests, ...repairedRequests]);
  const verdicts: CaseVerdict[] = [];
  for (const entry of cases) verdicts.push(await judge(entry, required(answers.get(entry.id)), results, workFolder));
  return { verdicts, checksMs };
}

async function judge(
  entry: CorpusCase,
  answer: QuantdeckAnswer,
  results: ReadonlyMap<string, LlamaCppAnswer>,
  workFolder: string,
): Promise<CaseVerdict> {
  const reference = results.get(`plain/${entry.family}`)?.digest;
  if (!reference) throw new Error(`The healthy ${entry.family} did not convert: ${JSON.stringify(results.get(`plain/${entry.family}`)?.convert)}`);
  const repaired = results.get(`repaired/${entry.id}`) ?? null;
  let problems: readonly string[] = [];
  if (repaired?.digest) {
    const file = path.join(workFolder, 'repaired', entry.id, 'out.gguf');
    problems = await problemsAfterConverting(file, (await stat(file)).size, answer);
    await rm(file);
  }
  return judgeCase({
    entry,
    answer,
    repaired,
    reference,
    plain: required(results.get(`plain/${entry.id}`)),
    problemsAfterConverting: problems,
  });
}

function request(workFolder: string, kind: 'plain' | 'repaired', id: string, folder: string): LlamaCppRequest {
  const isRepaired = kind === 'repaired';
  return { id: `${kind}/${id}`, folder, work: path.join(workFolder, kind, id), keep: isRepaired, tools: !isRepaired };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an answer is missing');
  return value;
}
