import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../../lib/domain/failure';
import { parseBenchOutput } from '../../lib/toolchain/bench-result';
import { parseCompletionOutput } from '../../lib/toolchain/completion-output';
import { explainToolFailure } from '../../lib/toolchain/explain-tool-failure';
import type { Tool } from '../../lib/toolchain/failure-pattern';
import { FAILURE_PATTERNS } from '../../lib/toolchain/failure-patterns';
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

/** Real log tails of damaged models and files: file name (with the row of llama-cpp.md section 7) to what it must be. */
const REAL_FAILURES: Record<string, [pattern: string, code: string, cause: RegExp]> = {
  'convert-01-cannot-map': ['more-layers-than-configured', 'model-config-contradicts-tensors', /layer 3 .* at least 4/],
  'convert-04-qweight': ['quantized-tensors', 'model-already-quantized', /q_proj\.qweight/],
  'convert-05-quant-method': ['quant-method', 'model-already-quantized', /with bitsandbytes/],
  'convert-08-peft': ['peft-keys', 'model-is-adapter', /base_model\.model\./],
  'convert-10-arch': ['architecture-unsupported', 'model-unsupported-architecture', /FancyForCausalLM/],
  'convert-11-no-arch': ['architecture-missing', 'model-config-missing', /names no architecture/],
  'convert-14-pretokenizer': ['pre-tokenizer', 'model-tokenizer-mismatch', /tokenizer/],
  'convert-16-phi3-tokenizer': ['tokenizer-model-missing', 'model-tokenizer-missing', /d\/tokenizer\.model is missing/],
  'convert-20-vocab': ['tokenizer-larger-than-vocabulary', 'model-tokenizer-mismatch', /more tokens than vocab_size/],
  'convert-26-shard-missing': ['shard-missing', 'model-weights-missing', /d\/model-00002-of-00003\.safetensors/],
  'convert-27-index': ['index-disagrees', 'model-index-disagrees', /index\.json/],
  'convert-28-lfs': ['lfs-pointer', 'model-lfs-pointer', /133 bytes/],
  'convert-29-truncated': ['shard-truncated', 'model-file-truncated', /shorter than its header/],
  'convert-33-disk-full': ['convert-disk-full', 'disk-full', /355776 of the last 524288 bytes/],
  'quantize-34-disk-full': ['quantize-disk-full', 'disk-full', /disk is full/],
  'quantize-34-no-folder': ['quantize-cannot-write', 'host-not-writable', /folder does not exist/],
  'quantize-35-requantize': ['requantize', 'requantize-refused', /q6_K/],
  'quantize-36-imatrix': ['imatrix-needed', 'quantization-needs-imatrix', /importance matrix/],
  'quantize-38-nan': ['nan-weights', 'weights-contain-nan', /NaN/],
  'quantize-41-truncated': ['gguf-truncated', 'output-invalid', /blk\.1\.attn_output\.weight/],
  'quantize-42-magic': ['gguf-magic', 'output-invalid', /begin with GGUF/],
  'bench-41-truncated': ['bench-gives-no-reason', 'verification-failed', /trunc\.gguf/],
  'completion-41-truncated': ['gguf-truncated', 'output-invalid', /cut short/],
  'completion-42-magic': ['gguf-magic', 'output-invalid', /begin with GGUF/],
  'completion-43-vocab': [
    'embedding-shape',
    'model-config-contradicts-tensors',
    /\[512, 500\] .* is \[512, 400, 1, 1\]/,
  ],
  'completion-44-heads': ['attention-shape', 'model-config-contradicts-tensors', /num_attention_heads/],
  'completion-45-layers': ['layer-missing', 'model-config-contradicts-tensors', /more than 6 layers/],
};

describe('explainToolFailure', () => {
  it.each(Object.entries(REAL_FAILURES))('knows %s', (file, [pattern, code, cause]) => {
    const log = fixture(`failures/${file}.log`);
    const failure = explainToolFailure(file.split('-')[0] as Tool, log);
    expect(failure).toMatchObject({ pattern, code, cause: expect.stringMatching(cause) });
    expect(failure?.evidence.length).toBeGreaterThan(0);
    for (const line of failure?.evidence ?? []) expect(log).toContain(line);
  });

  it('covers every captured log that has a reason of its own', () => {
    const captured = readdirSync(join(FIXTURES, 'failures')).map((name) => name.replace('.log', ''));
    expect(captured.filter((name) => !name.startsWith('bench-') && !(name in REAL_FAILURES))).toEqual([]);
  });

  it.each([
    ['convert', "ValueError: Can not map tensor 'model.layers.0.mlp.down_proj.weight_scale_inv'", 'fp8-scales'],
    ['convert', "ValueError: Can not map tensor 'model.layers.0.q_proj.weight.absmax'", 'quantized-tensors'],
    ['convert', "ValueError: Can not map tensor 'model.layers.0.self_attn.q_proj.lora_A.weight'", 'peft-keys'],
    ['convert', "ValueError: Can not map tensor 'visual.merger.weight'", 'unknown-tensor'],
    ['convert', "AttributeError: type object 'MODEL_ARCH' has no attribute 'ARCEE'", 'script-newer-than-gguf'],
    ['convert', 'AttributeError: DREAM', 'script-newer-than-gguf'],
    ['convert', 'Could not read complete metadata. Need 99 bytes, got 5', 'header-damaged'],
    ['convert', "OSError: [Errno 28] No space left on device: 'a.gguf'", 'disk-full'],
    [
      'quantize',
      'Missing importance matrix for tensor blk.0.attn_q.weight in a very low-bit quantization',
      'imatrix-needed',
    ],
    ['quantize', 'ggml_validate_row_data: found nan value at block 5', 'nan-weights'],
    [
      'completion',
      "check_tensor_dims: tensor 'blk.0.ffn_up.weight' has wrong shape; expected 8, 9, got 8, 7, 1, 1",
      'tensor-shape',
    ],
    ['completion', "missing tensor 'blk.61.attn_norm.weight'", 'layer-missing'],
    ['convert', '/root/cmd: line 3:  4711 Killed                  python convert', 'killed'],
  ] as const)('%s: %s', (tool, line, pattern) => {
    expect(explainToolFailure(tool, `INFO: something before\n${line}\n`)?.pattern).toBe(pattern);
  });

  it('takes the last of several messages: the one before is often a red herring', () => {
    const log =
      "FileNotFoundError: 'd/a.safetensors'\nDuring handling…\nNotImplementedError: BPE pre-tokenizer was not recognized - update\n";
    expect(explainToolFailure('convert', log)?.pattern).toBe('pre-tokenizer');
  });

  it('knows exit code 137 without words and says nothing where it knows nothing', () => {
    expect(explainToolFailure('convert', 'Writing: 10%|', 137)?.code).toBe('out-of-memory');
    expect(explainToolFailure('convert', 'Writing: 10%|', 1)).toBeNull();
    expect(explainToolFailure('bench', '')).toBeNull();
  });

  it('has unique names and known codes in its table', () => {
    const names = FAILURE_PATTERNS.map((row) => row.pattern);
    expect(new Set(names).size).toBe(names.length);
    for (const row of FAILURE_PATTERNS) expect(FAILURE_CODES).toContain(row.code);
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
