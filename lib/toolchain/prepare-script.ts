import { readFile } from 'node:fs/promises';
import * as z from 'zod';

/** What a user or an installation may set. Everything left out keeps the script's own default. */
export interface PrepareOptions {
  /** Folder on the host that everything lives in; default `$HOME/.quantdeck`. */
  readonly root?: string;
  /** A finished llama.cpp on the host that the user wants to be used. */
  readonly givenToolchainPath?: string;
  readonly releaseBase?: string;
  /** Where source archives are, in the order they are tried. */
  readonly sourceBases?: readonly string[];
  readonly npmRegistry?: string;
  readonly pipIndexUrl?: string;
  readonly pipExtraArgs?: readonly string[];
  /** A constraints file of pip: an absolute path on the host, or an address. */
  readonly pipConstraints?: string;
  /** Candidates in order, each `requirement` or `requirement@index-url`. */
  readonly torchRequirements?: readonly string[];
  readonly torchCpuIndex?: string;
  /** Ways in to try, in order. */
  readonly ways?: readonly ('given' | 'finished' | 'image' | 'release' | 'prebuilt' | 'source')[];
  readonly neededDiskMib?: number;
  readonly connectTimeoutSeconds?: number;
}

/** The environment the script is run with. Only what was set: the script's defaults are the pin's. */
export function prepareEnvironment(options: PrepareOptions): Record<string, string> {
  const values: Record<string, string | undefined> = {
    QD_ROOT: options.root,
    QD_TOOLCHAIN_PATH: options.givenToolchainPath,
    QD_RELEASE_BASE: options.releaseBase,
    QD_SOURCE_BASE: options.sourceBases?.join(' '),
    QD_NPM_REGISTRY: options.npmRegistry,
    QD_PIP_INDEX_URL: options.pipIndexUrl,
    QD_PIP_EXTRA_ARGS: options.pipExtraArgs?.join(' '),
    QD_PIP_CONSTRAINTS: options.pipConstraints,
    QD_TORCH_REQUIREMENTS: options.torchRequirements?.join(' '),
    QD_TORCH_CPU_INDEX: options.torchCpuIndex,
    QD_WAYS: options.ways?.join(' '),
    QD_NEEDED_MIB: options.neededDiskMib?.toString(),
    QD_CONNECT_TIMEOUT: options.connectTimeoutSeconds?.toString(),
  };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]));
}

/** The script's text, to be uploaded as it is. `path` is that of `host/prepare-toolchain.sh` in this folder. */
export function readPrepareScript(path: string): Promise<string> {
  return readFile(path, 'utf8');
}

/** `toolchain.json` on the host: what was prepared, where it came from and what it is. */
export const toolchainManifestSchema = z.object({
  version: z.string(),
  commit: z.string(),
  origin: z.enum(['given', 'image', 'release', 'registry-source']),
  originDetail: z.string(),
  /** Absolute paths on the host. */
  paths: z.object({ binDir: z.string(), convertScript: z.string(), python: z.string() }),
  tools: z.array(z.string()),
  binaryVersion: z.string(),
  pythonVersion: z.string(),
  torchVersion: z.string(),
  transformersVersion: z.string(),
  ggufFrom: z.string(),
  builtAt: z.iso.datetime(),
  /** Empty on a system without glibc. */
  glibc: z.string(),
  /** `file=sha256`, separated by blanks; empty when nothing was fetched. */
  archives: z.string(),
});

export type ToolchainManifest = z.infer<typeof toolchainManifestSchema>;

/** Why a preparation failed; the codes are closed and part of `FailureCode`. */
export const prepareFailureSchema = z.object({
  code: z.enum([
    'toolchain-no-python',
    'toolchain-python-too-old',
    'toolchain-no-venv',
    'toolchain-no-compiler',
    'toolchain-no-network',
    'toolchain-no-cpu-torch',
    'toolchain-disk-full',
    'toolchain-build-failed',
    'toolchain-not-usable',
  ]),
  message: z.string(),
  remedy: z.string(),
});

export type PrepareFailure = z.infer<typeof prepareFailureSchema>;

export type PrepareOutcome =
  | { readonly kind: 'ready'; readonly manifest: ToolchainManifest }
  | { readonly kind: 'failed'; readonly failure: PrepareFailure };

const OUTCOME_LINE = /^quantdeck-(result|failure): (.+)$/;

/** The outcome in the script's output, from its last such line; null while there is none (or it was cut short). */
export function parsePrepareOutcome(output: string): PrepareOutcome | null {
  const line = output.split(/\r?\n/).findLast((candidate) => OUTCOME_LINE.test(candidate));
  const match = line === undefined ? null : OUTCOME_LINE.exec(line);
  if (match === null) return null;
  try {
    const data: unknown = JSON.parse(match[2] ?? '');
    if (match[1] === 'result') return { kind: 'ready', manifest: toolchainManifestSchema.parse(data) };
    return { kind: 'failed', failure: prepareFailureSchema.parse(data) };
  } catch {
    return null;
  }
}
