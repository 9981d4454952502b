import { describe, expect, it } from 'vitest';
import type { FindingCode, Severity } from '../../lib/domain/finding';
import { inspectCheckpoint } from '../../lib/model/inspect-checkpoint';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { memoryReader } from '../support/memory-reader';
import { safetensorsFile, type TestTensors } from '../support/safetensors-file';
import {
  checkpointFiles,
  TINY_CHECKPOINTS,
  type TinyCheckpoint,
  tinySentencePiece,
  tinyTokenizer,
} from '../support/tiny-checkpoints';

// What people's conversions with llama.cpp fail of, one smallest checkpoint for each way that shows before anything is
// converted. Not here, because no checkpoint shows it: faults of the converter's own installation, of disk and memory, of
// importance matrices, of finished GGUF files and their readers, and of the hub.

type Files = Readonly<Record<string, string | Uint8Array>>;
type Row = readonly [message: string, files: Files, code: FindingCode, severity?: Severity];

const llama = TINY_CHECKPOINTS['llama'] as TinyCheckpoint;
const qwen2 = TINY_CHECKPOINTS['qwen2'] as TinyCheckpoint;
const healthy = checkpointFiles(llama);

const config = (changes: Readonly<Record<string, unknown>>): Files => checkpointFiles(llama, changes);
const weights = (tensors: TestTensors): Files => ({ ...healthy, 'model.safetensors': safetensorsFile(tensors) });
const added = (tensors: TestTensors): Files => weights({ ...llama.tensors, ...tensors });
const renamed = (rename: (name: string) => string): Files =>
  weights(Object.fromEntries(Object.entries(llama.tensors).map(([name, tensor]) => [rename(name), tensor])));
const without = (pattern: RegExp): Files =>
  weights(Object.fromEntries(Object.entries(llama.tensors).filter(([name]) => !pattern.test(name))));
const dropped = (files: Files, ...names: string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
const GATE = 'model.layers.0.mlp.gate_proj';
const PACKED: TestTensors = { [`${GATE}.weight`]: { dtype: 'U8', shape: [80 * 16, 1] } };
const quantized = (quantization: Readonly<Record<string, unknown>>): Files => ({
  ...added(PACKED),
  'config.json': JSON.stringify({ ...llama.config, quantization_config: quantization }),
});
const INDEX = 'model.safetensors.index.json';
const index = (map: Readonly<Record<string, string>>): string => JSON.stringify({ metadata: {}, weight_map: map });
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 133\n';
const GEMMA_2 = { model_type: 'gemma2', architectures: ['Gemma2ForCausalLM'] };

const ROWS: readonly Row[] = [
  ["Can not map tensor 'model.layers.N…'", config({ num_hidden_layers: 2 }), 'config-contradicts-tensors'],
  [
    "Can not map tensor '…weight_scale_inv'",
    added({ [`${GATE}.weight`]: { dtype: 'U8', shape: [80, 32] }, [`${GATE}.weight_scale_inv`]: [1, 1] }),
    'config-field-missing',
  ],
  ["Can not map tensor '…SCB'", added({ [`${GATE}.SCB`]: [80] }), 'model-already-quantized'],
  ["Can not map tensor '…weight.absmax'", added({ [`${GATE}.weight.absmax`]: [4] }), 'model-already-quantized'],
  [
    "Can not map tensor '…qweight'",
    added({ [`${GATE}.qweight`]: { dtype: 'I32', shape: [4, 80] } }),
    'model-already-quantized',
  ],
  ["Quant method is not yet supported: 'awq'", quantized({ quant_method: 'awq' }), 'model-already-quantized'],
  [
    "Quant method is not yet supported: 'bitsandbytes'",
    config({ quantization_config: { load_in_4bit: true } }),
    'config-contradicts-tensors',
  ],
  [
    '3-bit gptq dequantization is not yet implemented',
    quantized({ quant_method: 'gptq', bits: 3 }),
    'model-already-quantized',
  ],
  [
    "Can't handle multiple config groups for compressed-tensors yet",
    quantized({ quant_method: 'compressed-tensors', format: 'pack-quantized', config_groups: { a: {}, b: {} } }),
    'model-already-quantized',
  ],
  [
    "Can not map tensor 'lm_head.weight._scale'",
    added({ 'lm_head.weight._scale': [96, 1] }),
    'model-already-quantized',
  ],
  ["Can not map tensor 'base_model.model.…'", renamed((name) => `base_model.model.${name}`), 'model-is-adapter'],
  ["Can not map tensor '…lora_A.weight'", added({ [`${GATE}.lora_A.weight`]: [4, 32] }), 'model-is-adapter'],
  [
    'FileNotFoundError: config.json, with adapter_config.json there',
    { 'adapter_config.json': '{}', 'adapter_model.safetensors': safetensorsFile({ a: [1] }) },
    'model-is-adapter',
  ],
  [
    'Model X is not supported',
    config({ architectures: ['TurboForCausalLM'], model_type: 'turbo' }),
    'model-unsupported-architecture',
  ],
  [
    'Model X is not supported, known as a projector only',
    config({ architectures: ['SmolVLMForConditionalGeneration'], model_type: 'smolvlm' }),
    'model-unsupported-architecture',
  ],
  ['Failed to detect model architecture', config({ architectures: undefined }), 'config-contradicts-tensors'],
  [
    "KeyError: could not find any of: ['n_layers', …]",
    config({ num_hidden_layers: undefined }),
    'config-field-missing',
  ],
  [
    'exit 0 but unloadable: config.json stripped',
    { ...healthy, 'config.json': '{"model_type": "llama"}' },
    'config-stripped',
  ],
  ['exit 0 but unloadable: vocab_size', config({ vocab_size: 1000 }), 'config-contradicts-tensors'],
  ['exit 0 but unloadable: intermediate_size', config({ intermediate_size: 1000 }), 'config-contradicts-tensors'],
  ['exit 0 but unloadable: no weights', dropped(healthy, 'model.safetensors'), 'model-weights-missing'],
  [
    'exit 0 and silently wrong: rope_theta missing',
    config({ rope_theta: undefined }),
    'config-field-missing',
    'damages',
  ],
  ['File not found: tokenizer.model', dropped(healthy, 'tokenizer.json'), 'model-tokenizer-missing'],
  [
    'Error: Missing tokenizer.model (Phi)',
    dropped({
      ...checkpointFiles(TINY_CHECKPOINTS['phi3'] as TinyCheckpoint),
      'tokenizer_config.json': '{"tokenizer_class": "X"}',
    }),
    'model-tokenizer-class-wrong',
  ],
  ['Gemma 2 without tokenizer.model', config(GEMMA_2), 'model-tokenizer-missing'],
  [
    'Tokenizer class TokenizersBackend does not exist',
    { ...healthy, 'tokenizer_config.json': '{"tokenizer_class": "TokenizersBackend"}' },
    'model-tokenizer-too-new',
  ],
  [
    "'list' object has no attribute 'keys'",
    { ...healthy, 'tokenizer_config.json': '{"tokenizer_class": "GPT2Tokenizer", "extra_special_tokens": ["<a>"]}' },
    'model-tokenizer-too-new',
  ],
  [
    'assert max(tokenizer.vocab.values()) < vocab_size',
    { ...healthy, 'tokenizer.json': tinyTokenizer(200) },
    'model-tokenizer-mismatch',
  ],
  [
    'FileNotFoundError: model-00002-of-00003.safetensors',
    {
      ...dropped(healthy, 'model.safetensors'),
      'model-00001-of-00002.safetensors': safetensorsFile(llama.tensors),
      [INDEX]: index({ a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' }),
    },
    'model-weights-missing',
  ],
  [
    'Mismatch between weight map and model parts',
    { ...healthy, [INDEX]: index({ other: 'model.safetensors' }) },
    'model-index-disagrees',
  ],
  ['Could not read complete metadata', { ...healthy, 'model.safetensors': POINTER }, 'model-lfs-pointer'],
  [
    'mmap length is greater than file size',
    { ...healthy, 'model.safetensors': safetensorsFile(llama.tensors).subarray(0, 5000) },
    'model-file-truncated',
  ],
  [
    'Duplicated tensor name',
    { ...healthy, 'model-old.safetensors': safetensorsFile(llama.tensors) },
    'shards-duplicated',
    'note',
  ],
  ["'token_embd.weight' has wrong shape", config({ hidden_size: 64 }), 'config-contradicts-tensors'],
  ["'blk.0.attn_k.weight' has wrong shape", config({ num_key_value_heads: 4 }), 'config-contradicts-tensors'],
  [
    "'blk.N.attn_norm.weight' not found: layers too many",
    config({ num_hidden_layers: 6 }),
    'config-contradicts-tensors',
  ],
  ["'blk.N.attn_norm.weight' not found: a layer lost", without(/layers\.1\./), 'model-weights-missing'],
  [
    "missing tensor 'output.weight'",
    checkpointFiles(qwen2, { tie_word_embeddings: undefined }),
    'tied-embeddings',
    'note',
  ],
  ['vision_config / audio_config not found in hparams', config({ vision_config: {} }), 'vision-tower', 'note'],
  ['MLX weights', config({ quantization: { bits: 4, group_size: 64 } }), 'model-already-quantized'],
  ["Can not map tensor '_orig_mod.…'", renamed((name) => `_orig_mod.${name}`), 'model-weights-missing'],
  ['Unexpected UTF-8 BOM', { ...healthy, 'config.json': `\ufeff${healthy['config.json']}` }, 'model-config-missing'],
  [
    "'float' object cannot be interpreted as an integer",
    {
      ...healthy,
      'config.json': JSON.stringify(llama.config).replace('"num_hidden_layers":3', '"num_hidden_layers":3.0'),
    },
    'config-value-misspelled',
  ],
  [
    'could not parse ModelProto from tokenizer.model',
    { ...healthy, 'tokenizer.model': tinySentencePiece(96).subarray(0, 300) },
    'model-tokenizer-mismatch',
  ],
];

describe('a failure of the converter', () => {
  for (const [message, files, code, severity = 'blocks'] of ROWS) {
    it(`is seen before converting: ${message}`, async () => {
      const { inspection, blocking } = await inspectCheckpoint(memoryReader(files), {
        supportsArchitecture: supportsTextArchitecture,
      });
      const found = inspection.findings.map((finding) => `${finding.severity} ${finding.code}`);
      expect(found).toContain(`${severity} ${code}`);
      expect(blocking === null).toBe(severity !== 'blocks');
    });
  }

  it('is not seen in what is healthy', async () => {
    const { blocking, repair } = await inspectCheckpoint(memoryReader(healthy), {
      supportsArchitecture: supportsTextArchitecture,
    });
    expect(blocking).toBeNull();
    expect(repair).toMatchObject({ patch: {}, files: [] });
  });
});
