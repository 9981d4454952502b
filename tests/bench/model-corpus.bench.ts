// Every checkpoint of both corpora, damaged and healthy: what llama.cpp makes of it alone, and what Quantdeck does.
// CORPUS_FOLDER keeps the made checkpoints for a further run; CORPUS_ONLY is a regular expression for names.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { quantdeckHome } from '../../lib/launch/prepare-toolchain.mjs';
import { makeCorpus } from '../corpus/corpus-folder';
import type { CaseVerdict } from '../corpus/judge-case';
import { resultsTable } from '../corpus/results-table';
import { runCorpus } from '../corpus/run-corpus';
import { tinyCheckpoint } from '../support/dashboard-checkpoint';
import { recordOutcome, rounded } from './bench-record';

const CORPORA = [
  { title: 'First corpus', isHeldOut: false },
  { title: 'Second corpus, kept apart', isHeldOut: true },
];

await tinyCheckpoint(); // makes the toolchain and SmolLM2's tokenizer as well
const folder = path.join(quantdeckHome(), 'toolchains', 'v0.5.0');
const { paths } = JSON.parse(await readFile(path.join(folder, 'toolchain.json'), 'utf8'));
const toolchain = { python: paths.python as string, folder };
const only = new RegExp(process.env['CORPUS_ONLY'] ?? '');
const work = await mkdtemp(path.join(tmpdir(), 'quantdeck-corpus-'));
const results: { title: string; verdicts: readonly CaseVerdict[] }[] = [];
const startedMs = performance.now();
let checksMs = 0;
try {
  for (const { title, isHeldOut } of CORPORA) {
    const cases = await makeCorpus(toolchain.python, path.join(work, title), isHeldOut);
    const families = new Set(cases.filter((entry) => only.test(entry.id)).map((entry) => entry.family));
    const chosen = cases.filter((entry) => only.test(entry.id) || families.has(entry.id));
    const run = await runCorpus(toolchain, chosen, path.join(work, `${title} work`));
    checksMs += run.checksMs;
    results.push({ title, verdicts: run.verdicts });
  }
} finally {
  await rm(work, { recursive: true, force: true });
}

const verdicts = results.flatMap((result) => result.verdicts);
const count = (test: (verdict: CaseVerdict) => boolean) => verdicts.filter(test).length;
const healthy = count((verdict) => verdict.goal === 'healthy');
const met = count((verdict) => verdict.isMet);
const wrong = count((verdict) => verdict.quantdeck === 'silently wrong');
const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`;
if (!process.env['CORPUS_ONLY']) {
  await writeFile(
    path.join(import.meta.dirname, '..', 'corpus', 'RESULTS.md'),
    resultsTable(machine, new Date().toISOString(), results),
  );
}
for (const verdict of verdicts.filter((entry) => !entry.isMet)) console.log(JSON.stringify(verdict));
await recordOutcome({
  name: 'model-corpus',
  goal: 'every repairable checkpoint ends equal, none is silently wrong, every other one is refused with the right code, no false alarm',
  isMet: met === verdicts.length,
  summary: `${met} of ${verdicts.length} as they must be (${verdicts.length - healthy} damaged, ${healthy} healthy), ${wrong} silently wrong against ${count((verdict) => verdict.plain === 'silently wrong')} by llama.cpp alone; all checks ${rounded(checksMs / 1000, 1)} s, everything ${rounded((performance.now() - startedMs) / 60_000, 1)} min`,
  data: { results },
});
