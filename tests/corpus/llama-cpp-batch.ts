import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What a GGUF holds: type, shape and hash of every tensor; every metadata value, long ones as a hash. */
export interface GgufDigest {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, string>>;
}

interface ToolRun {
  readonly exitCode: number;
  /** The line of its log that says most, when it failed. */
  readonly lastLine: string;
}

export interface LlamaCppAnswer {
  readonly id: string;
  readonly convert: ToolRun;
  readonly digest?: GgufDigest;
  readonly quantize?: ToolRun;
  readonly generate?: ToolRun;
}

export interface LlamaCppRequest {
  readonly id: string;
  readonly folder: string;
  /** Scratch folder of this request; the GGUF is `out.gguf` in it when it is kept. */
  readonly work: string;
  readonly keep: boolean;
  /** Also quantize, load and generate. */
  readonly tools: boolean;
}

export interface Toolchain {
  readonly python: string;
  readonly folder: string;
}

/**
 * Answers by id; what is to be kept is in the requests' folders then.
 * @param prefix of the converter's command: what a job sets for it, or nothing, as people run it.
 */
export type AskLlamaCpp = (
  requests: readonly LlamaCppRequest[],
  prefix: readonly string[],
) => Promise<Map<string, LlamaCppAnswer>>;

/** Converts many checkpoints with the real converter, imported once. Answers by id. */
export async function runLlamaCpp(
  toolchain: Toolchain,
  requests: readonly LlamaCppRequest[],
  prefix: readonly string[],
): Promise<Map<string, LlamaCppAnswer>> {
  const answers = new Map<string, LlamaCppAnswer>();
  if (requests.length === 0) return answers;
  const driver = path.join(import.meta.dirname, 'run_llama_cpp.py');
  const [program = '', ...args] = [...prefix, toolchain.python, driver, toolchain.folder];
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  for await (const line of createInterface({ input: child.stdout })) {
    const answer = JSON.parse(line) as LlamaCppAnswer;
    answers.set(answer.id, answer);
  }
  const exitCode = await ended;
  if (exitCode !== 0) throw new Error(`run_llama_cpp.py ended with ${exitCode}`);
  return answers;
}

/** Names of what differs between two files, with a `-` where it is only in the reference and `+` where only in the other. */
export function differencesBetween(reference: GgufDigest, other: GgufDigest): string[] {
  return [...differingKeys(reference.metadata, other.metadata), ...differingKeys(reference.tensors, other.tensors)];
}

function differingKeys(reference: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): string[] {
  const names = new Set([...Object.keys(reference), ...Object.keys(other)]);
  return [...names].flatMap((name) => {
    if (!(name in other)) return [`-${name}`];
    if (!(name in reference)) return [`+${name}`];
    return reference[name] === other[name] ? [] : [name];
  });
}
