/** Shapes of a Llama of four layers with heads of 64: wide enough that only real head sizes are considered. */
export function llamaShapes(
  extra: Readonly<Record<string, readonly number[]>> = {},
): Record<string, readonly number[]> {
  const tensors: Record<string, readonly number[]> = {
    'model.embed_tokens.weight': [300, 1024],
    'model.norm.weight': [1024],
    'lm_head.weight': [300, 1024],
  };
  const layer = {
    'self_attn.q_proj.weight': [1024, 1024],
    'self_attn.k_proj.weight': [256, 1024],
    'self_attn.v_proj.weight': [256, 1024],
    'self_attn.o_proj.weight': [1024, 1024],
    'mlp.gate_proj.weight': [1536, 1024],
    'mlp.up_proj.weight': [1536, 1024],
    'mlp.down_proj.weight': [1024, 1536],
    'input_layernorm.weight': [1024],
    'post_attention_layernorm.weight': [1024],
    ...extra,
  };
  for (let at = 0; at < 4; at += 1) {
    for (const [name, shape] of Object.entries(layer)) tensors[`model.layers.${at}.${name}`] = shape;
  }
  return tensors;
}

/** A layer's two routed experts as GLM and DeepSeek name them, for `extra`. */
export const TWO_EXPERTS: Readonly<Record<string, readonly number[]>> = {
  'mlp.gate.weight': [2, 1024],
  'mlp.gate.e_score_correction_bias': [2],
  ...Object.fromEntries(
    [0, 1].flatMap((at) => [
      [`mlp.experts.${at}.gate_proj.weight`, [64, 1024]],
      [`mlp.experts.${at}.up_proj.weight`, [64, 1024]],
      [`mlp.experts.${at}.down_proj.weight`, [1024, 64]],
    ]),
  ),
};

/** The config.json that belongs to these shapes, signed by the transformers that wrote it. */
export const LLAMA_CONFIG = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 1024,
  intermediate_size: 1536,
  num_hidden_layers: 4,
  num_attention_heads: 16,
  num_key_value_heads: 4,
  head_dim: 64,
  vocab_size: 300,
  max_position_embeddings: 4096,
  rms_norm_eps: 1e-5,
  rope_theta: 500000,
  rope_scaling: null,
  tie_word_embeddings: false,
  attention_bias: false,
  mlp_bias: false,
  transformers_version: '4.57.6',
} as const;
