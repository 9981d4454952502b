import type { QuantizationType } from './quantization-types';

/** What was proven about one file. Each field is null until the check ran. */
export interface Verification {
  /** The GGUF header was read back: tensor count, sizes inside the file, architecture. */
  readonly structureOk: boolean | null;
  readonly structureProblems: readonly string[];
  readonly tensorCount: number | null;
  readonly architecture: string | null;
  /** llama.cpp loaded every tensor and decoded. */
  readonly loadsOk: boolean | null;
  readonly promptTokensPerSecond: number | null;
  readonly generationTokensPerSecond: number | null;
  /** Text that the model generated after a fixed prompt, as written by llama.cpp. */
  readonly sampleText: string | null;
  /** Null for a model that makes no text at all (an encoder such as BERT): there is nothing to ask it. */
  readonly samplePrompt: string | null;
  /** Why a check failed, in llama.cpp's own words. */
  readonly problem: string | null;
}

export type Verdict = 'works' | 'partly' | 'does-not-work' | 'unknown';

/** A file's verdict: `works` only when it was read back, loaded, and (unless it is an encoder) generated text. */
export function verdictOf(verification: Verification | null): Verdict {
  if (!verification || verification.loadsOk === null || verification.structureOk === null) return 'unknown';
  const isEncoder = verification.samplePrompt === null;
  const generated = (verification.sampleText ?? '').trim() !== '' && (verification.generationTokensPerSecond ?? 0) > 0;
  if (verification.structureOk && verification.loadsOk && (isEncoder || generated)) return 'works';
  return verification.loadsOk ? 'partly' : 'does-not-work';
}

/** A job's verdict from those of its files: all work, some work, none does. */
export function combineVerdicts(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0 || verdicts.every((verdict) => verdict === 'unknown')) return 'unknown';
  if (verdicts.every((verdict) => verdict === 'works')) return 'works';
  return verdicts.some((verdict) => verdict === 'works' || verdict === 'partly') ? 'partly' : 'does-not-work';
}

/** A verdict for each file that was wanted; `unknown` for one that was not made. */
export function verdictsOf(
  wanted: readonly QuantizationType[],
  made: readonly { readonly type: string; readonly verdict: string }[],
): Verdict[] {
  return wanted.map((type) => (made.find((artifact) => artifact.type === type)?.verdict ?? 'unknown') as Verdict);
}

/** A job's verdict while it runs: files are proven one by one, and nothing is said before the last. */
export function verdictSoFar(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes('unknown') ? 'unknown' : combineVerdicts(verdicts);
}

/** Where the bytes of an artifact are. */
export type ArtifactPlace = 'host' | 'home' | 'both' | 'gone';

/** `SmolLM2-135M-Instruct-Q4_K_M.gguf`; every character that a shell or a file system could mind becomes a dash. */
export function artifactFileName(modelName: string, type: QuantizationType): string {
  const safe =
    modelName
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 120) || 'model';
  return `${safe}-${type}.gguf`;
}
