import path from 'node:path/posix';
import type { Verification } from '../domain/artifact';
import { required } from './earlier-results';
import { headerOf } from './gguf-check';
import type { ArtifactRecord } from './ledger-port';
import type { StepContext } from './step-context';
import { evidenceFolder } from './verify-script';

const TEXT_LIMIT_BYTES = 64 * 1024;
const SAMPLE_LIMIT_CHARACTERS = 2000;

/** What the tools left behind about one file, as its verification; null while a tool has not run to its end. */
export async function readEvidence(context: StepContext, artifact: ArtifactRecord): Promise<Verification | null> {
  const folder = evidenceFolder(context, artifact);
  const text = async (name: string) => (await readSmall(context, path.join(folder, name))) ?? '';
  const benchExit = (await text('bench.exit')).trim();
  // Before the header, which is megabytes of vocabulary: most often this is asked when no tool has run yet.
  if (benchExit === '') return null;
  const file = await context.host.withSession((session) => session.stat(artifact.hostPath), context.signal);
  const { architecture, tensorCount, problems, prompt } = await headerOf(context, required(file, 'file on the host'));
  const exits = [benchExit, prompt ? (await text('completion.exit')).trim() : '0'];
  if (exits.includes('')) return null;
  const bench = context.world.toolchain.parseBench(await text('bench.out'));
  const loadsOk = exits.every((code) => code === '0') && bench !== null;
  // llama-bench never says why a file does not load; llama-completion does, so its words come first.
  const errors = loadsOk ? '' : (await text('completion.err')) + (await text('bench.err'));
  return {
    structureOk: problems.length === 0,
    structureProblems: problems,
    tensorCount,
    architecture,
    loadsOk,
    promptTokensPerSecond: bench?.promptTokensPerSecond ?? null,
    generationTokensPerSecond: bench?.generationTokensPerSecond ?? null,
    sampleText: loadsOk && prompt ? generatedText(await text('completion.out')) : null,
    samplePrompt: prompt?.text ?? null,
    problem: loadsOk ? (problems[0] ?? null) : problemIn(context, errors),
  };
}

/** llama-completion marks the end of a text with words of its own. */
function generatedText(output: string): string {
  return output
    .replace(/\s*\[end of text\]\s*$/, '')
    .trim()
    .slice(0, SAMPLE_LIMIT_CHARACTERS);
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
