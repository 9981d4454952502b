import type { CaseVerdict } from './judge-case';

export interface CorpusResult {
  readonly title: string;
  readonly verdicts: readonly CaseVerdict[];
}

/** The readable form of the benchmark's results. */
export function resultsTable(machine: string, at: string, corpora: readonly CorpusResult[]): string {
  const parts = corpora.map(
    ({ title, verdicts }) => `## ${title}\n\n${tally(verdicts)}\n\n${notMet(verdicts)}\n\n${rows(verdicts)}\n`,
  );
  return `# Broken checkpoints: llama.cpp alone, and with Quantdeck

Written by \`npm run bench -- model-corpus\` (${at.slice(0, 16).replace('T', ' ')}, ${machine}). Every checkpoint is a small model with a
real tokenizer. "Equal" means: each tensor (name, type, shape, bytes) and each metadata value of the GGUF is that of the
undamaged checkpoint. "Silently wrong": converts, quantizes, loads, generates, and is not equal.

${parts.join('\n')}`;
}

function tally(verdicts: readonly CaseVerdict[]): string {
  const damaged = verdicts.filter((verdict) => verdict.goal !== 'healthy');
  const count = (test: (verdict: CaseVerdict) => boolean, among = damaged) => among.filter(test).length;
  const healthy = verdicts.filter((verdict) => verdict.goal === 'healthy');
  const open = verdicts.filter((verdict) => verdict.goal === 'open');
  const line = (goal: CaseVerdict['goal']) => {
    const all = verdicts.filter((verdict) => verdict.goal === goal);
    return `${count((verdict) => verdict.isMet, all)} of ${all.length}`;
  };
  const plain = (outcome: CaseVerdict['plain']) => count((verdict) => verdict.plain === outcome);
  return `| | llama.cpp alone | with Quantdeck |
|---|---|---|
| damaged checkpoints | ${damaged.length} | ${damaged.length} |
| silently wrong | ${plain('silently wrong')} | ${count((verdict) => verdict.quantdeck === 'silently wrong')} |
| fail only when the finished file is loaded | ${plain('fails loading')} | ${count((verdict) => verdict.quantdeck === 'fails loading')}, and ${count((verdict) => verdict.quantdeck === 'caught after converting')} found right after converting |
| fail while converting or quantizing | ${plain('fails converting') + plain('fails quantizing')} | ${count((verdict) => verdict.quantdeck === 'fails converting')} |
| refused before anything is converted | 0 | ${count((verdict) => verdict.quantdeck.startsWith('refused'))} |
| equal to the undamaged one | ${plain('fine')} | ${count((verdict) => verdict.quantdeck.startsWith('equal'))} |
| **repairable, and ended equal** | | ${line('equal')} |
| **not repairable, and refused with the right code** | | ${line('refused')} |
| **open, and said to be open** | | ${line('open')} |
| open, and equal once a person has answered | | ${count((verdict) => verdict.isEqualOnceAnswered === true, open)} of ${open.length} |
| **either way, and never silently wrong** | | ${line('safe')} |
| **healthy, without a false alarm** | | ${line('healthy')} (${healthy.length} families) |`;
}

function notMet(verdicts: readonly CaseVerdict[]): string {
  const missed = verdicts.filter((verdict) => !verdict.isMet);
  if (missed.length === 0) return 'All goals are met.';
  const lines = missed.map(
    ({ id, goal, quantdeck, detail }) => `- ${id}: must be ${goal}, is ${quantdeck}. ${escaped(detail).slice(0, 200)}`,
  );
  return `Not as it must be (${missed.length}):\n\n${lines.join('\n')}`;
}

function rows(verdicts: readonly CaseVerdict[]): string {
  const lines = verdicts.map(
    ({ id, goal, plain, quantdeck, codes, repair, isMet }) =>
      `| ${id} | ${plain} | ${quantdeck} | ${codes.join(', ')} | ${escaped(changes(repair))} | ${goal} | ${isMet ? 'yes' : 'NO'} |`,
  );
  return `| checkpoint | llama.cpp alone | Quantdeck | findings | repair | goal | met |\n|---|---|---|---|---|---|---|\n${lines.join('\n')}`;
}

function changes({ configPatch, fileRepairs }: CaseVerdict['repair']): string {
  return [
    ...Object.entries(configPatch).map(([field, value]) => `${field} = ${JSON.stringify(value)}`),
    ...fileRepairs.map((repair) => `${repair.kind} ${'file' in repair ? repair.file : repair.files.join(' ')}`),
  ].join('; ');
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
