import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { converterEnvironment } from '../../lib/pipeline/converter-environment';
import type { CorpusCase } from './corpus-folder';
import { type CaseVerdict, judgeCase } from './judge-case';
import type { AskLlamaCpp, LlamaCppAnswer, LlamaCppRequest } from './llama-cpp-batch';
import { askQuantdeck, problemsAfterConverting, type QuantdeckAnswer } from './quantdeck-answer';

export interface CorpusRun {
  readonly verdicts: readonly CaseVerdict[];
  /** How long all checks together took, without conversions. */
  readonly checksMs: number;
}

/** llama.cpp's tools over every folder as it is: convert, quantize, load, generate. */
export function runPlain(
  ask: AskLlamaCpp,
  cases: readonly CorpusCase[],
  workFolder: string,
): Promise<Map<string, LlamaCppAnswer>> {
  const requests = cases.map(({ id, folder }) => request(path.join(workFolder, 'plain', id), id, folder, false));
  return ask(requests, []);
}

/**
 * Quantdeck's check of every checkpoint, its repairs, and then the converter. Each result is compared with the GGUF of
 * the undamaged checkpoint.
 * @param plain what `runPlain` answered, at least for the healthy ones that the cases were made from.
 */
export async function runCorpus(
  ask: AskLlamaCpp,
  cases: readonly CorpusCase[],
  plain: ReadonlyMap<string, LlamaCppAnswer>,
  workFolder: string,
): Promise<CorpusRun> {
  const healthyFolders = new Map(cases.map((entry) => [entry.id, entry.folder]));
  const startedMs = performance.now();
  const answers = new Map<string, QuantdeckAnswer>();
  for (const { id, family, folder } of cases) {
    const healthy = required(healthyFolders.get(family));
    answers.set(id, await askQuantdeck(folder, healthy, path.join(workFolder, 'staged', id)));
  }
  const checksMs = performance.now() - startedMs;
  const requests = [...answers].flatMap(([id, { staged, stagedOnceAnswered }]) => [
    ...(staged === null ? [] : [request(path.join(workFolder, 'repaired', id), `repaired/${id}`, staged, true)]),
    ...(stagedOnceAnswered === null
      ? []
      : [request(path.join(workFolder, 'answered', id), `answered/${id}`, stagedOnceAnswered, true)]),
  ]);
  const results = await ask(requests, converterEnvironment([]));
  const verdicts: CaseVerdict[] = [];
  for (const entry of cases) {
    const reference = required(required(plain.get(entry.family)).digest);
    const answer = required(answers.get(entry.id));
    const repaired = results.get(`repaired/${entry.id}`) ?? null;
    const file = path.join(workFolder, 'repaired', entry.id, 'out.gguf');
    const problems = repaired?.digest
      ? await problemsAfterConverting(entry.folder, { file, sizeBytes: (await stat(file)).size }, answer)
      : [];
    verdicts.push(
      judgeCase({
        entry,
        answer,
        repaired,
        reference,
        plain: plain.get(entry.id) ?? null,
        onceAnswered: results.get(`answered/${entry.id}`) ?? null,
        problemsAfterConverting: problems,
      }),
    );
  }
  for (const kind of ['repaired', 'answered', 'staged'])
    await rm(path.join(workFolder, kind), { recursive: true, force: true });
  return { verdicts, checksMs };
}

function request(work: string, id: string, folder: string, isRepaired: boolean): LlamaCppRequest {
  return { id, folder, work, keep: isRepaired, tools: !isRepaired };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A healthy checkpoint is missing, or did not convert.');
  return value;
}
