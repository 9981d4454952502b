import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../../lib/domain/failure';
import { parseBenchOutput } from '../../lib/toolchain/bench-result';
import { parseCompletionOutput } from '../../lib/toolchain/completion-output';
import {
  parsePrepareOutcome,
  prepareEnvironment,
  prepareFailureSchema,
  readPrepareScript,
} from '../../lib/toolchain/prepare-script';
import { TOOLCHAIN_PIN } from '../../lib/toolchain/toolchain-pin';

const FIXTURES = join(import.meta.dirname, '../fixtures/toolchain');
const SCRIPT = join(import.meta.dirname, '../../lib/toolchain/host/prepare-toolchain.sh');

function fixture(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}

describe('llama-bench', () => {
  it('gives tokens per second for prompt and generation', () => {
    const result = parseBenchOutput(`load_backend: loaded CPU backend\n${fixture('bench.jsonl')}`);
    expect(result).toMatchObject({
      promptTokens: 8,
      generatedTokens: 8,
      backends: 'CPU',
      threads: 2,
      buildCommit: '0ad4a86',
    });
    expect(result?.promptTokensPerSecond).toBeGreaterThan(1);
    expect(result?.generationTokensPerSecond).toBeGreaterThan(1);
    expect(result?.modelType).toContain('Q4_K - Medium');
  });

  it('has no result for a model that could not be loaded', () => {
    expect(parseBenchOutput(fixture('failures/bench-43-vocab.log'))).toBeNull();
    expect(parseBenchOutput('{"half": ')).toBeNull();
  });
});

describe('llama-completion', () => {
  it('is read from JSON lines', () => {
    const output = parseCompletionOutput(`${fixture('completion.jsonl')}{"type":"log","cut`);
    expect(output.text).toMatch(/^the quick brown/);
    expect(output.pieces).toBeGreaterThanOrEqual(10);
  });

  it('is read from plain text with its log mixed in', () => {
    const output = parseCompletionOutput(fixture('completion.out') + fixture('completion.err'));
    expect(output.text).toMatch(/^the quick brown/);
    expect(output.text).not.toMatch(/sampler|tokens per second|mirostat/);
    expect(output).toMatchObject({ pieces: null, promptTokensPerSecond: 276.57, generationTokensPerSecond: 2138.71 });
  });
});

describe('prepare-toolchain.sh', () => {
  it('has the defaults of the pin', async () => {
    const script = await readPrepareScript(SCRIPT);
    const pin = TOOLCHAIN_PIN;
    const values = [
      pin.version,
      pin.commit,
      pin.npm.version,
      pin.releaseBase,
      pin.sourceBase,
      pin.npmRegistry,
      pin.torchCpuIndex,
      pin.neededDiskMib,
    ];
    for (const value of values) expect(script).toContain(`:-${value}}`);
    expect(script).toContain(
      `SHA_SOURCE=${pin.npm.sha256.source}\nSHA_X64=${pin.npm.sha256.x64}\nSHA_ARM64=${pin.npm.sha256.arm64}\n`,
    );
  });

  it('tells people only of settings that they have', async () => {
    const script = await readPrepareScript(SCRIPT);
    // `$QD_X` and `${QD_X}` are read by the shell and never shown as they stand.
    expect(script.match(/.*(?<!\$|\$\{)\bQD_[A-Z].*/g)).toBeNull();
    const told = [...script.matchAll(/\bQUANTDECK_[A-Z_]+/g)].map(([name]) => name);
    expect(told.length).toBeGreaterThan(5);
    const table = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    expect(told.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });

  it('gets an environment of what was set and nothing else', () => {
    expect(prepareEnvironment({})).toEqual({});
    const environment = prepareEnvironment({
      root: '/data/qd',
      torchRequirements: ['torch==2.13.0', 'torch'],
      ways: ['release'],
      neededDiskMib: 10,
    });
    expect(environment).toEqual({
      QD_ROOT: '/data/qd',
      QD_TORCH_REQUIREMENTS: 'torch==2.13.0 torch',
      QD_WAYS: 'release',
      QD_NEEDED_MIB: '10',
    });
  });

  it('ends with an outcome that can be read', () => {
    const outcome = parsePrepareOutcome(fixture('prepare-cold.log'));
    expect(outcome).toMatchObject({
      kind: 'ready',
      manifest: { version: 'v0.5.0', torchVersion: '2.13.0+cpu', origin: 'registry-source' },
    });
    expect(parsePrepareOutcome('nothing\nquantdeck-result: {"version":')).toBeNull();
    expect(parsePrepareOutcome('quantdeck-failure: {"code":"toolchain-no-venv","message":"m","remedy":"r"}')).toEqual({
      kind: 'failed',
      failure: { code: 'toolchain-no-venv', message: 'm', remedy: 'r' },
    });
  });

  it('fails only with codes that the program knows', async () => {
    const used = [...(await readPrepareScript(SCRIPT)).matchAll(/\b(?:fail |"code":")(toolchain-[a-z-]+)/g)].map(
      (match) => match[1],
    );
    const known = prepareFailureSchema.shape.code.options;
    expect([...new Set(used)].sort()).toEqual([...known].sort());
    for (const code of known) expect(FAILURE_CODES).toContain(code);
  });
});
