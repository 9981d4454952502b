import { spawn } from 'node:child_process';
import path from 'node:path';
import { quote } from '../../lib/ssh/shell-quote';

export interface HandWork {
  readonly checkpoint: string;
  readonly modelName: string;
  readonly converter: string;
  readonly python: string;
  readonly binFolder: string;
  /** The float type first. */
  readonly outputs: readonly string[];
  readonly threads: number;
  /** Before the converter: what a job sets for it, or nothing, as people type it. */
  readonly environment: readonly string[];
  /** `openssl dgst -sha256 -r` is what a job runs where it can, `sha256sum` what people type. */
  readonly hash: string;
  /** Where files are made, and where they are copied to. */
  readonly workFolder: string;
  readonly homeFolder: string;
}

export interface Phase {
  readonly name: string;
  readonly ms: number;
}

const PROMPT = 'What is the capital of France? Answer in one sentence.';

/**
 * What a person would type for the same result, as one script of sh: no supervisor, no connection, no database. The flags
 * are those of lib/pipeline/steps. Each phase says when it begins on file descriptor 3.
 */
export function handScript(work: HandWork): string {
  const file = (type: string) => quote(path.join(work.workFolder, `model-${type}.gguf`));
  const tool = (name: string) => quote(path.join(work.binFolder, name));
  const [base = 'F16', ...others] = work.outputs;
  const at = (phase: string) => `printf '%s %s\\n' "$(date +%s%N)" ${quote(phase)} >&3`;
  const lines = ['set -eu', `hash() { ${work.hash} "$@"; }`, at('convert-model')];
  lines.push(
    `${[...work.environment, work.python].map(quote).join(' ')} -u ${quote(work.converter)} ${quote(work.checkpoint)} --outfile ${file(base)} --outtype ${base.toLowerCase()} --model-name ${quote(work.modelName)}`,
  );
  for (const type of others) {
    lines.push(at('quantize'), `${tool('llama-quantize')} ${file(base)} ${file(type)} ${type} ${work.threads}`);
  }
  lines.push(at('checksum'), `hash ${work.outputs.map(file).join(' ')}`, at('verify'));
  for (const type of work.outputs) {
    lines.push(
      `${tool('llama-bench')} -m ${file(type)} -p 16 -n 16 -r 1 -t ${work.threads} --no-warmup -o jsonl </dev/null`,
      `${tool('llama-completion')} -m ${file(type)} -cnv -st --jinja -p ${quote(PROMPT)} -n 48 --temp 0 --seed 1 -t ${work.threads} -c 512 --no-warmup --no-display-prompt --simple-io </dev/null`,
    );
  }
  const home = quote(work.homeFolder);
  lines.push(at('bring-home'), `cp ${work.outputs.map(file).join(' ')} ${home}/`, `hash ${home}/*.gguf`, at('end'));
  return `${lines.join('\n')}\n`;
}

/** Runs it and answers how long each phase took, those of one name together. */
export async function runByHand(work: HandWork): Promise<Phase[]> {
  const child = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  const texts = ['', '', '', ''];
  for (const fd of [1, 2, 3] as const) {
    child.stdio[fd]?.on('data', (chunk: Buffer) => {
      texts[fd] = (texts[fd] + chunk.toString('utf8')).slice(-100_000);
    });
  }
  child.stdin?.end(handScript(work));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the work by hand ended with exit code ${code}:\n${texts[2]}`);
  const marks = texts[3]?.trim().split('\n') ?? [];
  const times = marks.map((line) => Number(BigInt(line.split(' ')[0] ?? 0) / 1000n) / 1000);
  const totals = new Map<string, number>();
  marks.slice(0, -1).forEach((line, index) => {
    const name = line.split(' ')[1] ?? '';
    totals.set(name, (totals.get(name) ?? 0) + (times[index + 1] ?? 0) - (times[index] ?? 0));
  });
  return [...totals].map(([name, ms]) => ({ name, ms }));
}
