import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES, type FailureCode } from '../../lib/domain/failure';
import { explainToolFailure } from '../../lib/toolchain/explain-tool-failure';
import type { Tool } from '../../lib/toolchain/failure-pattern';
import { FAILURE_PATTERNS } from '../../lib/toolchain/failure-patterns';

const FIXTURES = join(import.meta.dirname, '../fixtures/toolchain/failures');
const fixture = (name: string) => readFileSync(join(FIXTURES, `${name}.log`), 'utf8');

type Explained = readonly [pattern: string, code: FailureCode, cause: RegExp];
const CONFIG = 'model-config-contradicts-tensors';
const QUANTIZED = 'model-already-quantized';
const PROGRAMS = 'toolchain-not-usable';

/**
 * Real log tails of the pinned tools on damaged models, files and hosts. The first word is the tool; the number is the row
 * in our catalogue of failures, which follows a conversion from the tensors to the loaded file.
 */
const REAL: Readonly<Record<string, Explained>> = {
  'convert-01-cannot-map': ['more-layers-than-configured', CONFIG, /layer 3 .* at least 4/],
  'convert-02-fp8': ['fp8-scales', QUANTIZED, /FP8 .*weight_scale_inv/],
  'convert-03-absmax': ['quantized-tensors', QUANTIZED, /q_proj\.weight\.absmax/],
  'convert-03-scb': ['quantized-tensors', QUANTIZED, /q_proj\.SCB/],
  'convert-04-qweight': ['quantized-tensors', QUANTIZED, /q_proj\.qweight/],
  'convert-05-awq': ['quant-method', QUANTIZED, /with awq/],
  'convert-05-quant-method': ['quant-method', QUANTIZED, /with bitsandbytes/],
  'convert-06-gptq3': ['quant-variant', QUANTIZED, /3-bit gptq/],
  'convert-06-groups': ['quant-variant', QUANTIZED, /multiple config groups/],
  'convert-07-quanto': ['quantized-tensors', QUANTIZED, /lm_head\.weight\._scale/],
  'convert-08-peft': ['peft-keys', 'model-is-adapter', /base_model\.model\./],
  'convert-09-adapter': ['config-file-missing', 'model-config-missing', /d\/config\.json is not there.*LoRA/],
  'convert-10-arch': ['architecture-unsupported', 'model-unsupported-architecture', /FancyForCausalLM/],
  'convert-11-no-arch': ['architecture-missing', 'model-config-missing', /names no architecture/],
  'convert-12-nested': ['config-field-absent', 'model-config-missing', /none of \['n_layers'/],
  'convert-14-pretokenizer': ['pre-tokenizer', 'model-pre-tokenizer-unknown', /fine-tuning changed it/],
  'convert-15-no-tokenizer': ['tokenizer-unreadable', 'model-tokenizer-missing', /missing or cannot be read/],
  'convert-16-phi3-tokenizer': ['phi-tokenizer-class', 'model-tokenizer-class-wrong', /d\/tokenizer\.model is missing/],
  'convert-17-gemma2': ['tokenizer-file-missing', 'model-tokenizer-missing', /d\/tokenizer\.model is missing/],
  'convert-18-tokenizers-backend': ['tokenizer-class-too-new', 'model-tokenizer-too-new', /TokenizersBackend/],
  'convert-19-extra-tokens': ['special-tokens-too-new', 'model-tokenizer-too-new', /extra_special_tokens/],
  'convert-20-vocab': ['tokenizer-larger-than-vocabulary', 'model-tokenizer-mismatch', /more tokens than vocab_size/],
  'convert-22-script-alone': ['python-package-missing', PROGRAMS, /no gguf/],
  'convert-24-no-torch': ['python-package-missing', PROGRAMS, /no torch/],
  'convert-26-shard-missing': ['shard-missing', 'model-weights-missing', /d\/model-00002-of-00003\.safetensors/],
  'convert-27-index': ['index-disagrees', 'model-index-disagrees', /index\.json/],
  'convert-28-lfs': ['lfs-pointer', 'model-lfs-pointer', /133 bytes/],
  'convert-29-truncated': ['shard-truncated', 'model-file-truncated', /shorter than its header/],
  'convert-31-killed': ['killed', 'out-of-memory', /kernel killed/],
  'convert-33-disk-full': ['convert-disk-full', 'disk-full', /355776 of the last 524288 bytes/],
  'convert-53-mlx': ['quantized-tensors', QUANTIZED, /q_proj\.scales/],
  'quantize-34-disk-full': ['quantize-disk-full', 'disk-full', /disk is full/],
  'quantize-34-no-folder': ['quantize-cannot-write', 'host-not-writable', /folder does not exist/],
  'quantize-35-requantize': ['requantize', 'requantize-refused', /q6_K/],
  'quantize-36-imatrix': ['imatrix-needed', 'quantization-needs-imatrix', /importance matrix/],
  'quantize-37-imatrix-cut': ['imatrix-unreadable', 'imatrix-invalid', /cut\.gguf/],
  'quantize-37-imatrix-nan': ['imatrix-not-finite', 'imatrix-invalid', /NaN/],
  'quantize-37-imatrix-size': ['imatrix-of-another-model', 'imatrix-invalid', /128 numbers for blk\.0\.attn_k.* 256/],
  'quantize-38-nan': ['nan-weights', 'weights-contain-nan', /NaN/],
  'quantize-40-same-file': ['same-file', 'quantize-failed', /good\.gguf over itself/],
  'quantize-41-truncated': ['gguf-truncated', 'output-invalid', /blk\.1\.attn_output\.weight/],
  'quantize-42-magic': ['gguf-magic', 'output-invalid', /begin with GGUF/],
  'quantize-47-architecture': ['architecture-unknown', PROGRAMS, /llamx/],
  'bench-41-truncated': ['bench-gives-no-reason', 'verification-failed', /trunc\.gguf/],
  'completion-41-truncated': ['gguf-truncated', 'output-invalid', /cut short/],
  'completion-42-magic': ['gguf-magic', 'output-invalid', /begin with GGUF/],
  'completion-43-vocab': ['embedding-shape', CONFIG, /\[512, 500\] .* is \[512, 400, 1, 1\]/],
  'completion-44-heads': ['attention-shape', CONFIG, /num_attention_heads/],
  'completion-45-layers': ['layer-missing', CONFIG, /more than 6 layers/],
  'completion-46-no-key': ['number-missing', 'model-config-missing', /expert_feed_forward_length/],
  'completion-46-no-output': ['output-missing', 'model-weights-missing', /no output layer/],
  'completion-47-architecture': ['architecture-unknown', PROGRAMS, /llamx/],
  'completion-47-pre-tokenizer': ['pre-tokenizer-unknown', PROGRAMS, /smollx/],
  'completion-48-tensor-count': ['tensor-count', 'output-invalid', /21 tensors.* uses 20/],
};

/** What this version does not say any more, or a test cannot bring about, in the words of those who met it. */
const REPORTED: readonly (readonly [row: number, tool: Tool, line: string, pattern: string, code: FailureCode])[] = [
  [1, 'convert', "ValueError: Can not map tensor 'visual.merger.weight'", 'unknown-tensor', 'convert-failed'],
  [6, 'convert', "NotImplementedError: Quant format 'x' for method y not yet supported", 'quant-variant', QUANTIZED],
  [8, 'convert', "Can not map tensor 'model.layers.0.self_attn.q_proj.lora_A.weight'", 'peft-keys', 'model-is-adapter'],
  [
    15,
    'convert',
    'FileNotFoundError: Cannot find tokenizer.model',
    'tokenizer-file-missing',
    'model-tokenizer-missing',
  ],
  [
    17,
    'convert',
    'FileNotFoundError: File not found: d/spiece.model',
    'tokenizer-file-missing',
    'model-tokenizer-missing',
  ],
  [
    21,
    'convert',
    "AttributeError: type object 'MODEL_ARCH' has no attribute 'ARCEE'",
    'script-newer-than-gguf',
    PROGRAMS,
  ],
  [21, 'convert', 'AttributeError: DREAM', 'script-newer-than-gguf', PROGRAMS],
  [22, 'convert', "ModuleNotFoundError: No module named 'conversion'", 'python-package-missing', PROGRAMS],
  [23, 'convert', "ModuleNotFoundError: No module named 'mistral_common'", 'python-package-missing', PROGRAMS],
  [23, 'convert', 'ImportError: Mistral format requires `mistral-common` to be', 'mistral-package-missing', PROGRAMS],
  [25, 'convert', 'TypeError: Got unsupported ScalarType BFloat16', 'script-too-old', PROGRAMS],
  [
    26,
    'convert',
    "Error: Missing or incomplete model files: ['m-2.safetensors']",
    'shard-missing',
    'model-weights-missing',
  ],
  [28, 'convert', 'safetensors_rust.SafetensorError: HeaderTooLarge', 'header-too-large', 'model-lfs-pointer'],
  [28, 'convert', 'Could not read complete metadata. Need 99 bytes, got 5', 'header-damaged', 'model-header-invalid'],
  [29, 'convert', 'SafetensorError: MetadataIncompleteBuffer', 'shard-truncated', 'model-file-truncated'],
  [30, 'convert', "ValueError: Duplicated tensor name 'token_embd.weight'", 'tensor-twice', 'model-index-disagrees'],
  [31, 'convert', '/root/cmd: line 3:  4711 Killed                  python convert', 'killed', 'out-of-memory'],
  [
    32,
    'convert',
    'numpy._core._exceptions._ArrayMemoryError: Unable to allocate 9 GiB',
    'allocation-failed',
    'out-of-memory',
  ],
  [32, 'convert', "RuntimeError: DefaultCPUAllocator: can't allocate memory", 'allocation-failed', 'out-of-memory'],
  [
    32,
    'quantize',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'allocation-failed',
    'out-of-memory',
  ],
  [33, 'convert', "OSError: [Errno 28] No space left on device: 'a.gguf'", 'disk-full', 'disk-full'],
  [33, 'convert', 'OSError: Not enough free space to write 4096 bytes', 'convert-no-room', 'disk-full'],
  [36, 'quantize', 'Missing importance matrix for tensor blk.0.x in', 'imatrix-needed', 'quantization-needs-imatrix'],
  [38, 'quantize', 'ggml_validate_row_data: found nan value at block 5', 'nan-weights', 'weights-contain-nan'],
  [38, 'quantize', 'llama_model_quantize: quantized data validation failed', 'nan-weights', 'weights-contain-nan'],
  [39, 'quantize', 'ggml-quants.c:3318: GGML_ASSERT(grid_index >= 0) failed', 'imatrix-not-finite', 'imatrix-invalid'],
  [44, 'completion', "tensor 'blk.0.ffn_up.weight' has wrong shape; expected 8, 9, got 8, 7", 'tensor-shape', CONFIG],
  [45, 'completion', "missing tensor 'blk.61.attn_norm.weight'", 'layer-missing', CONFIG],
  [46, 'completion', "error loading model: missing tensor 'output.weight'", 'output-missing', 'model-weights-missing'],
  [49, 'quantize', "llama-quantize: /lib/libc.so.6: version `GLIBC_2.38' not found", 'glibc-too-old', PROGRAMS],
  [50, 'convert', 'GatedRepoError: 403 Client Error. Cannot access gated repo', 'gated', 'model-gated'],
  [50, 'convert', 'GatedRepoError: 401 Client Error. Cannot access gated repo', 'unauthorized', 'hub-unauthorized'],
  [51, 'convert', 'HTTPError: 429 Client Error: Too Many Requests for url', 'rate-limited', 'hub-rate-limited'],
  [
    52,
    'convert',
    'vision_config / audio_config not found in hparams',
    'no-vision-part',
    'model-unsupported-architecture',
  ],
];

/** Exits 0 and prints nothing wrong: only comparing the file with its source shows it, which the step after it does. */
const SHOWN_BY_NO_TOOL = [13];

describe('explainToolFailure', () => {
  it.each(Object.entries(REAL))('knows the real %s', (file, [pattern, code, cause]) => {
    const log = fixture(file);
    const failure = explainToolFailure(file.split('-')[0] as Tool, log);
    expect(failure).toMatchObject({ pattern, code, cause: expect.stringMatching(cause) });
    expect(failure?.remedy).toMatch(/^[A-Z].+\.$/);
    expect(failure?.evidence.length).toBeGreaterThan(0);
    for (const line of failure?.evidence ?? []) expect(log).toContain(line);
  });

  it.each(REPORTED)('knows row %i of %s: %s', (_row, tool, line, pattern, code) => {
    expect(explainToolFailure(tool, `INFO: something before\n${line}\n`)).toMatchObject({ pattern, code });
  });

  it('covers every row of the catalogue, and every captured log that has a reason of its own', () => {
    const rows = new Set([
      ...Object.keys(REAL).map((name) => Number(/-(\d+)-/.exec(name)?.[1])),
      ...REPORTED.map(([row]) => row),
      ...SHOWN_BY_NO_TOOL,
    ]);
    expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 53 }, (_, at) => at + 1));
    const captured = readdirSync(FIXTURES).map((name) => name.replace('.log', ''));
    expect(captured.filter((name) => !name.startsWith('bench-') && !(name in REAL))).toEqual([]);
  });

  it('takes the last of several exceptions: the one before is a red herring', () => {
    const chained =
      'FileNotFoundError: File not found: d/tokenizer.model\n\nDuring handling of the above exception, another exception occurred:\n\n';
    const last = 'NotImplementedError: BPE pre-tokenizer was not recognized - update\n';
    expect(explainToolFailure('convert', chained + last)?.pattern).toBe('pre-tokenizer');
    // A last one that nobody knows is not explained by the one before.
    expect(explainToolFailure('convert', `${chained}ValueError: something new\n`)).toBeNull();
    const cause = "KeyError: 'x'\nThe above exception was the direct cause of the following exception:\n";
    expect(explainToolFailure('convert', `OSError: No space left on device\n${cause}`)?.pattern).toBe('disk-full');
  });

  it('tells a Phi that wants another class from a model that lacks tokenizer.model', () => {
    const line = 'ValueError: Error: Missing d/tokenizer.model\n';
    expect(explainToolFailure('convert', line)?.code).toBe('model-tokenizer-missing');
    const phi = `  File "/t/conversion/phi.py", line 59, in set_vocab\n${line}`;
    expect(explainToolFailure('convert', phi)?.code).toBe('model-tokenizer-class-wrong');
  });

  it('knows exit code 137 without words and says nothing where it knows nothing', () => {
    const silent = explainToolFailure('convert', 'Writing: 10%|', 137);
    expect(silent?.code).toBe('out-of-memory');
    expect(silent?.remedy).toBe(explainToolFailure('convert', 'Killed', 137)?.remedy);
    expect(explainToolFailure('convert', 'Writing: 10%|', 1)).toBeNull();
    expect(explainToolFailure('bench', '')).toBeNull();
  });

  it('has unique names and known codes in its table', () => {
    const names = FAILURE_PATTERNS.map((row) => row.pattern);
    expect(new Set(names).size).toBe(names.length);
    for (const row of FAILURE_PATTERNS) expect(FAILURE_CODES).toContain(row.code);
  });
});
