// Every checkpoint of all corpora, damaged and healthy: what llama.cpp makes of it alone, and what Quantdeck does.
// CORPUS_FOLDER keeps the checkpoints, and what llama.cpp alone makes of them, for a further run. CORPUS_NAME (`known` or
// `held-out`) runs one of them, CORPUS_ONLY is a regular expression for names; with either, nothing is recorded.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { quantdeckHome } from '../../lib/launch/prepare-toolchain.mjs';
import { type CorpusCase, makeCorpus, readCorpus } from '../corpus/corpus-folder';
import type { CaseVerdict } from '../corpus/judge-case';
import { type AskLlamaCpp, type LlamaCppAnswer, runLlamaCpp } from '../corpus/llama-cpp-batch';
import { resultsTable } from '../corpus/results-table';
import { runCorpus, runPlain } from '../corpus/run-corpus';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { recordOutcome, rounded } from './bench-record';

const CORPORA = [
  { title: 'First and second corpus', name: 'known', isHeldOut: false },
  { title: 'Third corpus, held out', name: 'held-out', isHeldOut: true },
].filter(({ name }) => [undefined, name].includes(process.env['CORPUS_NAME']));

await tinyCheckpoint(); // makes the toolchain and SmolLM2's tokenizer as well
const folder = path.join(quantdeckHome(), 'toolchains', 'v0.5.0');
const { paths } = JSON.parse(await readFile(path.join(folder, 'toolchain.json'), 'utf8'));
const toolchain = { python: paths.python as string, folder };
const ask: AskLlamaCpp = (requests, prefix) => runLlamaCpp(toolchain, requests, prefix);
const only = process.env['CORPUS_ONLY'];
const isPart = only !== undefined || process.env['CORPUS_NAME'] !== undefined;
const kept = process.env['CORPUS_FOLDER'];
const work = kept ? path.resolve(kept) : await mkdtemp(path.join(tmpdir(), 'quantdeck-corpus-'));
const results: { title: string; verdicts: readonly CaseVerdict[] }[] = [];
const startedMs = performance.now();
let checksMs = 0;

async function plainAnswers(cases: readonly CorpusCase[], folder: string): Promise<Map<string, LlamaCppAnswer>> {
  const file = path.join(folder, 'plain.json');
  const answers = new Map<string, LlamaCppAnswer>(existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : []);
  const unknown = cases.filter((entry) => !answers.has(entry.id));
  for (const [id, answer] of await runPlain(ask, unknown, path.join(folder, 'work'))) answers.set(id, answer);
  await writeFile(file, JSON.stringify([...answers]));
  return answers;
}

try {
  for (const { title, name, isHeldOut } of CORPORA) {
    const target = path.join(work, name);
    const isThere = existsSync(path.join(target, 'manifest.json'));
    const cases = await (isThere ? readCorpus(target) : makeCorpus(toolchain.python, target, isHeldOut));
    const plain = await plainAnswers(cases, target);
    const wanted = cases.filter((entry) => new RegExp(only ?? '').test(entry.id));
    const families = new Set(wanted.map((entry) => entry.family));
    const chosen = cases.filter((entry) => wanted.includes(entry) || families.has(entry.id));
    const run = await runCorpus(ask, chosen, plain, path.join(target, 'work'));
    checksMs += run.checksMs;
    results.push({ title, verdicts: run.verdicts });
  }
} finally {
  if (!kept) await rm(work, { recursive: true, force: true });
}

const verdicts = results.flatMap((result) => result.verdicts);
const count = (test: (verdict: CaseVerdict) => boolean) => verdicts.filter(test).length;
const healthy = count((verdict) => verdict.goal === 'healthy');
const met = count((verdict) => verdict.isMet);
const wrong = count((verdict) => verdict.quantdeck === 'silently wrong');
for (const verdict of verdicts.filter((entry) => !entry.isMet)) console.log(JSON.stringify(verdict));
const summary = `${met} of ${verdicts.length} as they must be (${verdicts.length - healthy} damaged, ${healthy} healthy), ${wrong} silently wrong against ${count((verdict) => verdict.plain === 'silently wrong')} by llama.cpp alone; all checks ${rounded(checksMs / 1000, 1)} s, everything ${rounded((performance.now() - startedMs) / 60_000, 1)} min`;
if (isPart) {
  console.log(summary);
} else {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`;
  const table = resultsTable(machine, new Date().toISOString(), results);
  await writeFile(path.join(import.meta.dirname, '..', 'corpus', 'RESULTS.md'), table);
  await recordOutcome({
    name: 'model-corpus',
    goal: 'every repairable checkpoint ends equal, none is silently wrong, every other is refused with the right code, no false alarm',
    isMet: met === verdicts.length,
    summary,
    data: { results },
  });
}
