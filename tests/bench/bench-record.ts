import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';

const FOLDER = import.meta.dirname;

/** The value that `fraction` of all values are not above; NaN of nothing. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * fraction) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? (sorted[middle - 0.5] ?? Number.NaN) : mean(sorted.slice(middle - 1, middle + 1));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Rounds for print; as many digits after the point as asked. */
export function rounded(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}

export interface BenchOutcome {
  readonly name: string;
  /** What was wanted, e.g. `ratio at most 1.10`. */
  readonly goal: string;
  readonly isMet: boolean;
  /** One line for people, with the numbers and what they were compared with. */
  readonly summary: string;
  readonly data: unknown;
}

/** Prints the outcome, keeps all of its numbers as JSON and adds one line to RESULTS.md. Benchmarks are run by hand only. */
export async function recordOutcome(outcome: BenchOutcome): Promise<void> {
  const { name, goal, isMet, summary, data } = outcome;
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.versions.node}`;
  const at = new Date().toISOString();
  console.log(`${name}: ${summary} (goal: ${goal}: ${isMet ? 'met' : 'NOT met'})`);
  await mkdir(path.join(FOLDER, 'results'), { recursive: true });
  const json = JSON.stringify({ name, at, machine, goal, isMet, summary, data }, null, 2);
  await writeFile(path.join(FOLDER, 'results', `${name}.json`), `${json}\n`);
  const line = `| ${at.slice(0, 16).replace('T', ' ')} | ${name} | ${goal} | ${isMet ? 'yes' : 'no'} | ${summary} | ${machine} |`;
  await appendFile(path.join(FOLDER, 'RESULTS.md'), `${line}\n`);
  if (!isMet) process.exitCode = 1;
}
