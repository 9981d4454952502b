import path from 'node:path/posix';
import { required } from './earlier-results';
import type { ArtifactRecord } from './ledger-port';
import { MEASURED_LINE } from './marker-line';
import { Script } from './script';
import type { StepContext } from './step-context';
import type { SamplePrompt } from './verify-prompt';

const SAMPLE_TOKENS = 48;
const BENCH_TOKENS = 16;
const CONTEXT_TOKENS = 512;

export interface VerifyRun {
  readonly artifact: ArtifactRecord;
  /** Null for encoders, which write no text. */
  readonly prompt: SamplePrompt | null;
  readonly binFolder: string;
  readonly threads: number;
}

/** Evidence lies in a folder named after the file's hash: another content needs evidence of its own. */
export function evidenceFolder(context: StepContext, artifact: ArtifactRecord): string {
  return path.join(context.workspace.verify, required(artifact.sha256, 'checksum'));
}

/** The sh that loads a file, measures it, and lets it write. */
export function verifyScript(context: StepContext, run: VerifyRun): string {
  const script = new Script(context.world.shell);
  const { artifact, prompt } = run;
  const folder = evidenceFolder(context, artifact);
  const total = prompt ? 2 : 1;
  script.quietly(['mkdir', '-p', folder]);
  progress(script, { phase: 'loading and measuring', done: 0, total });
  keepEvidence(script, folder, 'bench', benchCommand(artifact, run));
  // Until here nothing else of the job worked on the host; how fast it writes its words is nobody's number.
  script.raw(MEASURED_LINE);
  if (prompt) {
    progress(script, { phase: 'letting it write', done: 1, total });
    keepEvidence(script, folder, 'completion', completionCommand(artifact, prompt, run));
  }
  return script.toString();
}

function progress(script: Script, at: { phase: string; done: number; total: number }): void {
  script.raw(`printf 'quantdeck-progress: %s\\n' ${script.quote(JSON.stringify({ ...at, unit: 'steps' }))}`);
}

/** An encoder is only fed; whatever generates text also does that. */
function benchCommand(artifact: ArtifactRecord, { binFolder, threads, prompt }: VerifyRun): string[] {
  const generate = prompt ? ['-n', String(BENCH_TOKENS)] : ['-n', '0', '-embd', '1'];
  return [
    ...[path.join(binFolder, 'llama-bench'), '-m', artifact.hostPath],
    ...['-p', String(BENCH_TOKENS), ...generate],
    ...['-r', '1', '-t', String(threads), '--no-warmup', '-o', 'jsonl'],
  ];
}

/** Greedy and seeded, so that the same file writes the same words again. */
function completionCommand(
  artifact: ArtifactRecord,
  prompt: SamplePrompt,
  { binFolder, threads }: VerifyRun,
): string[] {
  return [
    ...[path.join(binFolder, 'llama-completion'), '-m', artifact.hostPath, ...prompt.flags],
    ...['-n', String(SAMPLE_TOKENS), '--temp', '0', '--seed', '1', '-t', String(threads), '-c', String(CONTEXT_TOKENS)],
    ...['--no-warmup', '--no-display-prompt', '--simple-io'],
  ];
}

/** Runs one tool, keeps its answer and its exit code, shows both. The exit code is written last: it is the stamp. */
function keepEvidence(script: Script, folder: string, name: string, argv: readonly string[]): void {
  const out = script.quote(path.join(folder, `${name}.out`));
  const err = script.quote(path.join(folder, `${name}.err`));
  const code = script.quote(path.join(folder, `${name}.exit`));
  const command = argv.map((word) => script.quote(word)).join(' ');
  script
    .say(`$ ${command}`)
    .raw(`rm -f ${code}`)
    .raw(`if ${command} > ${out} 2> ${err} < /dev/null; then rc=0; else rc=$?; fi`)
    .raw(`cat ${out}; tail -n 25 ${err} >&2`)
    .raw(`printf '%s\\n' "$rc" > ${code}.tmp && mv -f ${code}.tmp ${code}`);
}
