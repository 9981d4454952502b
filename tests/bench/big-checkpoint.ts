import type { SparseContent } from '../support/fake-hub/fake-repository';

/** Qwen 3 32B, 53 of its 64 layers: 54.8 GB in BF16. */
const LAYERS = 53;
const HIDDEN = 5120;
const INTERMEDIATE = 25_600;
const VOCABULARY = 151_936;
const QUERY_ROWS = 64 * 128;
const KEY_ROWS = 8 * 128;
const SHARDS = 13;

const LAYER: readonly (readonly [string, readonly number[]])[] = [
  ['input_layernorm.weight', [HIDDEN]],
  ['mlp.down_proj.weight', [HIDDEN, INTERMEDIATE]],
  ['mlp.gate_proj.weight', [INTERMEDIATE, HIDDEN]],
  ['mlp.up_proj.weight', [INTERMEDIATE, HIDDEN]],
  ['post_attention_layernorm.weight', [HIDDEN]],
  ['self_attn.k_norm.weight', [128]],
  ['self_attn.k_proj.weight', [KEY_ROWS, HIDDEN]],
  ['self_attn.o_proj.weight', [HIDDEN, QUERY_ROWS]],
  ['self_attn.q_norm.weight', [128]],
  ['self_attn.q_proj.weight', [QUERY_ROWS, HIDDEN]],
  ['self_attn.v_proj.weight', [KEY_ROWS, HIDDEN]],
];

const CONFIG = {
  architectures: ['Qwen3ForCausalLM'],
  attention_bias: false,
  attention_dropout: 0.0,
  bos_token_id: 151_643,
  eos_token_id: 151_645,
  head_dim: 128,
  hidden_act: 'silu',
  hidden_size: HIDDEN,
  initializer_range: 0.02,
  intermediate_size: INTERMEDIATE,
  max_position_embeddings: 40_960,
  max_window_layers: LAYERS,
  model_type: 'qwen3',
  num_attention_heads: 64,
  num_hidden_layers: LAYERS,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-6,
  rope_scaling: null,
  rope_theta: 1_000_000,
  sliding_window: null,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  transformers_version: '4.51.0',
  use_cache: true,
  use_sliding_window: false,
  vocab_size: VOCABULARY,
};

export interface BigCheckpoint {
  readonly layers: number;
  readonly totalBytes: number;
  readonly headerBytes: number;
  readonly weights: Readonly<Record<string, SparseContent>>;
  /** config.json, index, card and what else a repository has beside weights and tokenizer. */
  readonly files: Readonly<Record<string, string>>;
}

/** A checkpoint of 55 GB in 13 shards: whole headers, no data. */
export function bigCheckpoint(): BigCheckpoint {
  const shards = intoShards(tensors());
  const nameOf = (at: number) =>
    `model-${String(at + 1).padStart(5, '0')}-of-${String(shards.length).padStart(5, '0')}.safetensors`;
  const contents = shards.map(headerOf);
  const map = shards.flatMap((shard, at) => shard.map(([name]) => [name, nameOf(at)] as const)).sort();
  const totalBytes = contents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const index = { metadata: { total_size: totalBytes }, weight_map: Object.fromEntries(map) };
  return {
    layers: LAYERS,
    totalBytes,
    headerBytes: contents.reduce((sum, { start }) => sum + start.length, 0),
    weights: Object.fromEntries(contents.map((content, at) => [nameOf(at), content])),
    files: {
      'config.json': JSON.stringify(CONFIG, null, 2),
      'generation_config.json': JSON.stringify({ bos_token_id: 151_643, eos_token_id: [151_645, 151_643], top_k: 20 }),
      'model.safetensors.index.json': JSON.stringify(index, null, 2),
      'README.md': `---\nlibrary_name: transformers\nlicense: apache-2.0\n---\n\n${'What this model is for, at length.\n'.repeat(450)}`,
      '.gitattributes': '*.safetensors filter=lfs diff=lfs merge=lfs -text\n',
      LICENSE: 'Terms and conditions.\n'.repeat(500),
    },
  };
}

type Tensor = readonly [string, readonly number[]];

function tensors(): Tensor[] {
  const layers = Array.from({ length: LAYERS }, (_, at) =>
    LAYER.map(([name, shape]): Tensor => [`model.layers.${at}.${name}`, shape]),
  );
  return [
    ['model.embed_tokens.weight', [VOCABULARY, HIDDEN]],
    ...layers.flat(),
    ['model.norm.weight', [HIDDEN]],
    ['lm_head.weight', [VOCABULARY, HIDDEN]],
  ];
}

function bytesOf([, shape]: Tensor): number {
  return 2 * shape.reduce((product, size) => product * size, 1);
}

/** In order, each shard as full as the others. */
function intoShards(all: readonly Tensor[]): Tensor[][] {
  const total = all.reduce((sum, tensor) => sum + bytesOf(tensor), 0);
  const shards: Tensor[][] = [];
  let before = 0;
  for (const tensor of all) {
    const at = Math.min(SHARDS - 1, Math.floor((before * SHARDS) / total));
    shards[at] = [...(shards[at] ?? []), tensor];
    before += bytesOf(tensor);
  }
  return shards;
}

function headerOf(shard: readonly Tensor[]): SparseContent {
  let offset = 0;
  const entries = shard.map((tensor) => {
    const begin = offset;
    offset += bytesOf(tensor);
    return [tensor[0], { dtype: 'BF16', shape: tensor[1], data_offsets: [begin, offset] }] as const;
  });
  const json = JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) });
  // The writer fills up to a multiple of eight.
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const start = new Uint8Array(8 + text.length);
  new DataView(start.buffer).setBigUint64(0, BigInt(text.length), true);
  start.set(text, 8);
  return { start, sizeBytes: start.length + offset };
}
