import path from 'node:path/posix';
import type { Verification } from '../../domain/artifact';
import type { GgufHeader } from '../../model/gguf-header';
import { checkGgufStructure } from '../../model/gguf-structure';
import { hostFolderReader } from '../checkpoint-reader';
import { required } from '../earlier-results';
import type { ArtifactRecord } from '../ledger-port';
import { markerProgress } from '../marker-line';
import { Script } from '../script';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { identity } from './checksum';

/** For models with a chat template: a question whose right answer everybody knows. */
const CHAT_PROMPT = 'What is the capital of France? Answer in one sentence.';
/** For all others: words that every language model continues. */
const PLAIN_PROMPT = 'The capital of France is';
const SAMPLE_TOKENS = 48;
const BENCH_TOKENS = 16;
const TEXT_LIMIT_BYTES = 64 * 1024;

/**
 * Proves each file: its header is read back and compared with the source, llama.cpp loads every tensor and decodes
 * (llama-bench), and it generates text with its own tokenizer (llama-completion). A file that fails does not fail the
 * step: its evidence is the result.
 */
export const verify: StepDefinition = {
  kind: 'verify',

  async check(context: StepContext): Promise<CheckResult> {
    const artifacts = await context.world.ledger.listArtifacts(context.jobId);
    const found: { artifact: ArtifactRecord; verification: Verification }[] = [];
    for (const artifact of artifacts) {
      const verification = await readEvidence(context, artifact);
      if (verification === null) return { done: false };
      found.push({ artifact, verification });
    }
    for (const { artifact, verification } of found) {
      await context.world.ledger.recordArtifact(context.lease, { ...identity(artifact), verification });
    }
    return { done: true, result: {} };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { toolchain, probe, ledger } = context.world;
    const facts = await context.host.withSession((session) => probe.facts(session), context.signal);
    const artifacts = await ledger.listArtifacts(context.jobId);
    const samples = await Promise.all(artifacts.map((artifact) => samplePrompt(context, artifact)));
    return {
      kind: 'remote',
      script: verifyScript(context, artifacts, { threads: context.spec.threads ?? facts.cores ?? 4, samples }),
      progress: markerProgress(),
      explain: (tail, exitCode) => toolchain.explain('verify', tail, exitCode),
    };
  },
};

/** Evidence lies in a folder named after the file's hash: another content needs evidence of its own. */
function evidenceFolder(context: StepContext, artifact: ArtifactRecord): string {
  return path.join(context.workspace.verify, required(artifact.sha256, 'checksum'));
}

interface VerifyOptions {
  readonly threads: number;
  /** One for each artifact. */
  readonly samples: readonly SamplePrompt[];
}

function verifyScript(
  context: StepContext,
  artifacts: readonly ArtifactRecord[],
  { threads, samples }: VerifyOptions,
): string {
  const { binFolder } = required(context.earlier.toolchain, 'toolchain');
  const script = new Script(context.world.shell);
  artifacts.forEach((artifact, index) => {
    const folder = evidenceFolder(context, artifact);
    const bench = [
      path.join(binFolder, 'llama-bench'),
      '-m',
      artifact.hostPath,
      '-p',
      String(BENCH_TOKENS),
      '-n',
      String(BENCH_TOKENS),
      '-r',
      '1',
      '-t',
      String(threads),
      '--no-warmup',
      '-o',
      'jsonl',
    ];
    const completion = [
      path.join(binFolder, 'llama-completion'),
      '-m',
      artifact.hostPath,
      ...required(samples[index] ?? null, 'prompt').flags,
      '-n',
      String(SAMPLE_TOKENS),
      '--temp',
      '0',
      '--seed',
      '1',
      '-t',
      String(threads),
      '-c',
      '512',
      '--no-warmup',
      '--no-display-prompt',
      '--simple-io',
    ];
    script
      .raw(
        `printf 'quantdeck-progress: {"phase":"verifying","done":${index},"total":${artifacts.length},"unit":"files"}\\n'`,
      )
      .quietly(['mkdir', '-p', folder]);
    evidence(script, folder, 'bench', bench);
    evidence(script, folder, 'completion', completion);
  });
  return script
    .raw(
      `printf 'quantdeck-progress: {"phase":"verifying","done":${artifacts.length},"total":${artifacts.length},"unit":"files"}\\n'`,
    )
    .toString();
}

/** Runs one tool, keeps its answer and its exit code, shows both. The exit code is written last: it is the stamp. */
function evidence(script: Script, folder: string, name: string, argv: readonly string[]): void {
  const out = script.quote(path.join(folder, `${name}.out`));
  const err = script.quote(path.join(folder, `${name}.err`));
  const code = script.quote(path.join(folder, `${name}.exit`));
  const [tool = '', ...rest] = argv;
  const command = [tool, ...rest].map((word) => script.quote(word)).join(' ');
  script
    .say(`$ ${command}`)
    .raw(`if ${command} > ${out} 2> ${err} < /dev/null; then rc=0; else rc=$?; fi`)
    .raw(`cat ${out}; tail -n 25 ${err} >&2`)
    .raw(`printf '%s\\n' "$rc" > ${code}.tmp && mv -f ${code}.tmp ${code}`);
}

async function readEvidence(context: StepContext, artifact: ArtifactRecord): Promise<Verification | null> {
  const folder = evidenceFolder(context, artifact);
  const text = (name: string) => readSmall(context, path.join(folder, name));
  const benchExit = await text('bench.exit');
  const completionExit = await text('completion.exit');
  if (benchExit === null || completionExit === null) return null;
  const bench = context.world.toolchain.parseBench((await text('bench.out')) ?? '');
  const loadsOk = benchExit.trim() === '0' && completionExit.trim() === '0' && bench !== null;
  const errors = loadsOk ? '' : ((await text('completion.err')) ?? '') + ((await text('bench.err')) ?? '');
  const structure = await structureOf(context, artifact);
  return {
    structureOk: structure.problems.length === 0,
    structureProblems: structure.problems,
    tensorCount: structure.tensorCount,
    architecture: structure.architecture,
    loadsOk,
    promptTokensPerSecond: bench?.promptTokensPerSecond ?? null,
    generationTokensPerSecond: bench?.generationTokensPerSecond ?? null,
    sampleText: loadsOk ? generatedText((await text('completion.out')) ?? '') : null,
    samplePrompt: promptFor(structure.header).text,
    problem: loadsOk ? (structure.problems[0] ?? null) : problemIn(context, errors),
  };
}

async function structureOf(context: StepContext, artifact: ArtifactRecord) {
  const name = path.basename(artifact.hostPath);
  const reader = hostFolderReader(context, path.dirname(artifact.hostPath), [name]);
  const sizeBytes = required(await reader.sizeBytes(name), 'file on the host');
  return checkGgufStructure(reader, name, sizeBytes, required(context.earlier.inspection, 'inspection'));
}

interface SamplePrompt {
  readonly text: string;
  readonly flags: readonly string[];
}

/** Asked through the model's own chat template when its file carries one: a broken template is a broken file. */
function promptFor(header: GgufHeader | null): SamplePrompt {
  const hasTemplate = typeof header?.metadata.get('tokenizer.chat_template') === 'string';
  if (hasTemplate) return { text: CHAT_PROMPT, flags: ['-cnv', '-st', '--jinja', '-p', CHAT_PROMPT] };
  return { text: PLAIN_PROMPT, flags: ['-no-cnv', '-p', PLAIN_PROMPT] };
}

async function samplePrompt(context: StepContext, artifact: ArtifactRecord): Promise<SamplePrompt> {
  return promptFor((await structureOf(context, artifact)).header);
}

/** llama-completion marks the end of a text with words of its own. */
function generatedText(output: string): string {
  return output
    .replace(/\s*\[end of text\]\s*$/, '')
    .trim()
    .slice(0, 2000);
}

function problemIn(context: StepContext, errors: string): string {
  const explained = context.world.toolchain.explain('verify', errors, 1);
  if (explained) return explained.message;
  const lines = errors.split(/\r?\n/).filter((line) => /error|fail|wrong|missing|corrupt/i.test(line));
  return (lines.at(-1) ?? 'llama.cpp could not load it and gave no reason').slice(0, 500);
}

async function readSmall(context: StepContext, file: string): Promise<string | null> {
  return context.host.withSession(async (session) => {
    const stat = await session.stat(file);
    if (!stat) return null;
    return new TextDecoder().decode(await session.readRange(file, 0, Math.min(stat.sizeBytes, TEXT_LIMIT_BYTES)));
  }, context.signal);
}
