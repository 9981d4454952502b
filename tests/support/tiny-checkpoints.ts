import type { MemoryFiles } from './memory-reader';
import { safetensorsFile, type TestTensors } from './safetensors-file';

/** A healthy checkpoint of one family, small enough for memory, with the shapes that the real code saves. */
export interface TinyCheckpoint {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: TestTensors;
  /** Keys of config.json that say layers, hidden size, vocabulary and feed-forward size. */
  readonly keys: {
    readonly layers: string;
    readonly hidden: string;
    readonly vocabulary: string;
    readonly feedForward: string;
  };
  /** Tokenizer files that its class needs besides tokenizer.json. */
  readonly files?: MemoryFiles;
}

const LAYERS = 3;
const HIDDEN = 32;
const VOCABULARY = 96;
const FFN = 80;
const HEADS = 4;
const KV = 2;
const HEAD_DIM = 8;

const USUAL_KEYS = {
  layers: 'num_hidden_layers',
  hidden: 'hidden_size',
  vocabulary: 'vocab_size',
  feedForward: 'intermediate_size',
};
const USUAL_CONFIG = {
  num_hidden_layers: LAYERS,
  hidden_size: HIDDEN,
  vocab_size: VOCABULARY,
  intermediate_size: FFN,
  num_attention_heads: HEADS,
  num_key_value_heads: KV,
};

/** What no shape tells; a whole config.json says it. */
const SHAPELESS = {
  rope_theta: 10000,
  rms_norm_eps: 1e-5,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 256,
  num_experts_per_tok: 1,
};

function layered(
  prefix: string,
  names: Record<string, readonly number[]>,
  layers = LAYERS,
): Record<string, readonly number[]> {
  const tensors: Record<string, readonly number[]> = {};
  for (let layer = 0; layer < layers; layer += 1) {
    for (const [name, shape] of Object.entries(names)) tensors[`${prefix}${layer}.${name}`] = shape;
  }
  return tensors;
}

const ATTENTION = {
  'self_attn.q_proj.weight': [HEADS * HEAD_DIM, HIDDEN],
  'self_attn.k_proj.weight': [KV * HEAD_DIM, HIDDEN],
  'self_attn.v_proj.weight': [KV * HEAD_DIM, HIDDEN],
  'self_attn.o_proj.weight': [HIDDEN, HEADS * HEAD_DIM],
  'input_layernorm.weight': [HIDDEN],
  'post_attention_layernorm.weight': [HIDDEN],
};
const QKV_BIASES = {
  'self_attn.q_proj.bias': [HEADS * HEAD_DIM],
  'self_attn.k_proj.bias': [KV * HEAD_DIM],
  'self_attn.v_proj.bias': [KV * HEAD_DIM],
};
const GATED_FFN = {
  'mlp.gate_proj.weight': [FFN, HIDDEN],
  'mlp.up_proj.weight': [FFN, HIDDEN],
  'mlp.down_proj.weight': [HIDDEN, FFN],
};
const ENDS = { 'model.embed_tokens.weight': [VOCABULARY, HIDDEN], 'model.norm.weight': [HIDDEN] };

function decoder(
  modelType: string,
  architecture: string,
  layer: Record<string, readonly number[]>,
  extra: { config?: Record<string, unknown>; tensors?: Record<string, readonly number[]>; files?: MemoryFiles } = {},
): TinyCheckpoint {
  return {
    config: { architectures: [architecture], model_type: modelType, ...USUAL_CONFIG, ...SHAPELESS, ...extra.config },
    tensors: {
      ...ENDS,
      ...layered('model.layers.', layer),
      ...(extra.tensors ?? { 'lm_head.weight': [VOCABULARY, HIDDEN] }),
    },
    keys: USUAL_KEYS,
    ...(extra.files ? { files: extra.files } : {}),
  };
}

/** As in Phi-4: the class would otherwise bring special tokens of its own. */
const GPT2_TOKENIZER = JSON.stringify({
  tokenizer_class: 'GPT2Tokenizer',
  bos_token: 't0',
  eos_token: 't0',
  unk_token: 't0',
});

const EXPERTS = { num_experts: 2, num_experts_per_tok: 1, moe_intermediate_size: 24 };

export const TINY_CHECKPOINTS: Readonly<Record<string, TinyCheckpoint>> = {
  llama: decoder('llama', 'LlamaForCausalLM', { ...ATTENTION, ...GATED_FFN }),
  mistral: decoder('mistral', 'MistralForCausalLM', { ...ATTENTION, ...GATED_FFN }, { config: { head_dim: null } }),
  mixtral: decoder(
    'mixtral',
    'MixtralForCausalLM',
    {
      ...ATTENTION,
      'block_sparse_moe.gate.weight': [2, HIDDEN],
      'block_sparse_moe.experts.0.w1.weight': [FFN, HIDDEN],
      'block_sparse_moe.experts.1.w1.weight': [FFN, HIDDEN],
    },
    { config: { num_local_experts: 2 } },
  ),
  qwen2: decoder(
    'qwen2',
    'Qwen2ForCausalLM',
    { ...ATTENTION, ...QKV_BIASES, ...GATED_FFN },
    { config: { tie_word_embeddings: true }, tensors: {} },
  ),
  qwen3: decoder(
    'qwen3',
    'Qwen3ForCausalLM',
    {
      ...ATTENTION,
      ...GATED_FFN,
      // Heads of 16, so that heads × head size is twice the hidden size, as in Qwen3-0.6B.
      'self_attn.q_proj.weight': [HEADS * 16, HIDDEN],
      'self_attn.k_proj.weight': [KV * 16, HIDDEN],
      'self_attn.v_proj.weight': [KV * 16, HIDDEN],
      'self_attn.o_proj.weight': [HIDDEN, HEADS * 16],
      'self_attn.q_norm.weight': [16],
      'self_attn.k_norm.weight': [16],
    },
    { config: { head_dim: 16 } },
  ),
  qwen3Moe: decoder(
    'qwen3_moe',
    'Qwen3MoeForCausalLM',
    {
      ...ATTENTION,
      'mlp.gate.weight': [2, HIDDEN],
      'mlp.experts.0.gate_proj.weight': [24, HIDDEN],
      'mlp.experts.1.gate_proj.weight': [24, HIDDEN],
    },
    { config: EXPERTS },
  ),
  phi3: decoder(
    'phi3',
    'Phi3ForCausalLM',
    {
      'self_attn.qkv_proj.weight': [(HEADS + 2 * KV) * HEAD_DIM, HIDDEN],
      'self_attn.o_proj.weight': [HIDDEN, HEADS * HEAD_DIM],
      'mlp.gate_up_proj.weight': [2 * FFN, HIDDEN],
      'mlp.down_proj.weight': [HIDDEN, FFN],
    },
    { files: { 'tokenizer_config.json': GPT2_TOKENIZER } },
  ),
  gemma2: decoder(
    'gemma2',
    'Gemma2ForCausalLM',
    {
      ...ATTENTION,
      ...GATED_FFN,
      'pre_feedforward_layernorm.weight': [HIDDEN],
    },
    { config: { head_dim: HEAD_DIM }, tensors: {}, files: { 'tokenizer.model': tinySentencePiece(VOCABULARY) } },
  ),
  olmo2: decoder('olmo2', 'Olmo2ForCausalLM', {
    ...ATTENTION,
    ...GATED_FFN,
    'self_attn.q_norm.weight': [HEADS * HEAD_DIM],
    'self_attn.k_norm.weight': [KV * HEAD_DIM],
  }),
  starcoder2: decoder(
    'starcoder2',
    'Starcoder2ForCausalLM',
    { ...ATTENTION, 'mlp.c_fc.weight': [FFN, HIDDEN], 'mlp.c_proj.weight': [HIDDEN, FFN] },
    { tensors: {} },
  ),
  stablelm: decoder(
    'stablelm',
    'StableLmForCausalLM',
    {
      ...ATTENTION,
      ...GATED_FFN,
      'input_layernorm.bias': [HIDDEN],
      'post_attention_layernorm.bias': [HIDDEN],
    },
    { tensors: { 'lm_head.weight': [VOCABULARY, HIDDEN], 'model.norm.bias': [HIDDEN] } },
  ),
  deepseekWithNextN: decoder(
    'deepseek_v3',
    'DeepseekV3ForCausalLM',
    {
      'self_attn.q_a_proj.weight': [12, HIDDEN],
      'input_layernorm.weight': [HIDDEN],
      'mlp.gate_proj.weight': [FFN, HIDDEN],
    },
    { config: { num_hidden_layers: LAYERS - 1, num_nextn_predict_layers: 1, q_lora_rank: 12 } },
  ),
  gemma3Vision: {
    config: {
      architectures: ['Gemma3ForConditionalGeneration'],
      model_type: 'gemma3',
      vision_config: { hidden_size: 8 },
      text_config: { model_type: 'gemma3_text', ...USUAL_CONFIG, head_dim: HEAD_DIM },
    },
    tensors: {
      'language_model.model.embed_tokens.weight': [VOCABULARY, HIDDEN],
      'language_model.model.norm.weight': [HIDDEN],
      ...layered('language_model.model.layers.', {
        ...ATTENTION,
        ...GATED_FFN,
        'self_attn.q_norm.weight': [HEAD_DIM],
        'self_attn.k_norm.weight': [HEAD_DIM],
      }),
      ...layered('vision_tower.vision_model.encoder.layers.', { 'mlp.fc1.weight': [16, 8] }, 7),
    },
    keys: {
      layers: 'text_config.num_hidden_layers',
      hidden: 'text_config.hidden_size',
      vocabulary: 'text_config.vocab_size',
      feedForward: 'text_config.intermediate_size',
    },
  },
  gpt2: {
    config: {
      architectures: ['GPT2LMHeadModel'],
      model_type: 'gpt2',
      n_layer: LAYERS,
      n_embd: HIDDEN,
      n_head: HEADS,
      vocab_size: VOCABULARY,
      n_inner: null,
    },
    tensors: {
      'wte.weight': [VOCABULARY, HIDDEN],
      'ln_f.weight': [HIDDEN],
      // Conv1D: inputs first, the other way round than everywhere else.
      ...layered('h.', {
        'mlp.c_fc.weight': [HIDDEN, 4 * HIDDEN],
        'mlp.c_fc.bias': [4 * HIDDEN],
        'attn.c_attn.weight': [HIDDEN, 3 * HIDDEN],
      }),
    },
    keys: { layers: 'n_layer', hidden: 'n_embd', vocabulary: 'vocab_size', feedForward: 'n_inner' },
  },
  gptNeox: {
    config: { architectures: ['GPTNeoXForCausalLM'], model_type: 'gpt_neox', ...USUAL_CONFIG },
    tensors: {
      'gpt_neox.embed_in.weight': [VOCABULARY, HIDDEN],
      'gpt_neox.final_layer_norm.weight': [HIDDEN],
      'embed_out.weight': [VOCABULARY, HIDDEN],
      ...layered('gpt_neox.layers.', {
        'attention.query_key_value.weight': [3 * HIDDEN, HIDDEN],
        'mlp.dense_h_to_4h.weight': [FFN, HIDDEN],
      }),
    },
    keys: USUAL_KEYS,
  },
  falcon: {
    config: {
      architectures: ['FalconForCausalLM'],
      model_type: 'falcon',
      num_hidden_layers: LAYERS,
      hidden_size: HIDDEN,
      vocab_size: VOCABULARY,
      num_attention_heads: HEADS,
      multi_query: true,
    },
    tensors: {
      'transformer.word_embeddings.weight': [VOCABULARY, HIDDEN],
      'transformer.ln_f.weight': [HIDDEN],
      'transformer.ln_f.bias': [HIDDEN],
      'lm_head.weight': [VOCABULARY, HIDDEN],
      ...layered('transformer.h.', {
        'self_attention.query_key_value.weight': [HIDDEN + 2 * HEAD_DIM, HIDDEN],
        'mlp.dense_h_to_4h.weight': [4 * HIDDEN, HIDDEN],
      }),
    },
    keys: {
      layers: 'num_hidden_layers',
      hidden: 'hidden_size',
      vocabulary: 'vocab_size',
      feedForward: 'ffn_hidden_size',
    },
  },
  bert: {
    config: { architectures: ['BertModel'], model_type: 'bert', ...USUAL_CONFIG, max_position_embeddings: 64 },
    tensors: {
      'embeddings.word_embeddings.weight': [VOCABULARY, HIDDEN],
      'embeddings.position_embeddings.weight': [64, HIDDEN],
      'embeddings.LayerNorm.weight': [HIDDEN],
      ...layered('encoder.layer.', {
        'attention.self.query.weight': [HIDDEN, HIDDEN],
        'attention.self.key.weight': [HIDDEN, HIDDEN],
        'intermediate.dense.weight': [FFN, HIDDEN],
        'output.dense.weight': [HIDDEN, FFN],
      }),
      'pooler.dense.weight': [HIDDEN, HIDDEN],
    },
    keys: USUAL_KEYS,
  },
};

/** A byte-level tokenizer with so many tokens. */
export function tinyTokenizer(tokens: number): string {
  const vocab = Object.fromEntries(Array.from({ length: tokens }, (_, id) => [`t${id}`, id]));
  return JSON.stringify({
    version: '1.0',
    added_tokens: [{ id: tokens - 1, content: `t${tokens - 1}` }],
    model: { type: 'BPE', vocab, merges: [] },
  });
}

/** A SentencePiece model of so many pieces without text. */
export function tinySentencePiece(pieces: number): Uint8Array {
  const piece = [0x0a, 5, 0x15, 0, 0, 0, 0];
  return new Uint8Array(Array.from({ length: pieces }, () => piece).flat());
}

/** The files of a tiny checkpoint, with changes to its config.json (undefined removes a field). */
export function checkpointFiles(
  checkpoint: TinyCheckpoint,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, string | Uint8Array> & MemoryFiles {
  return {
    'config.json': JSON.stringify({ ...checkpoint.config, ...changes }),
    'tokenizer.json': tinyTokenizer(VOCABULARY),
    // Without a class, the model's type would bring one that adds tokens of its own.
    'tokenizer_config.json': '{"tokenizer_class": "PreTrainedTokenizerFast"}',
    ...checkpoint.files,
    'model.safetensors': safetensorsFile(checkpoint.tensors),
  };
}
