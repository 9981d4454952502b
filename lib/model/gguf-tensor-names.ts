/** Names without `.weight` or `.bias`: as in a checkpoint, and as llama.cpp writes them. */
export type TensorNames = ReadonlyMap<string, string>;

/** Joins tables; a later one wins, which is also how the converter's own tables work. */
export function names(...tables: readonly Readonly<Record<string, string>>[]): TensorNames {
  return new Map(tables.flatMap((table) => Object.entries(table)));
}

/** Outside the layers of most decoders. All tables of this file follow gguf-py's `tensor_mapping.py` of v0.5.0. */
export const WHOLE_MODEL = { 'model.embed_tokens': 'token_embd', 'model.norm': 'output_norm', lm_head: 'output' };

export const ATTENTION = {
  input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
};

export const QUERY_KEY_NORMS = { 'self_attn.q_norm': 'attn_q_norm', 'self_attn.k_norm': 'attn_k_norm' };

export const FEED_FORWARD = {
  post_attention_layernorm: 'ffn_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
};

/** Where the norm behind attention belongs to attention (Gemma2, OLMo2), not to the feed-forward part (Llama). */
export const OUTER_NORMS = {
  post_attention_layernorm: 'post_attention_norm',
  pre_feedforward_layernorm: 'ffn_norm',
  post_feedforward_layernorm: 'post_ffw_norm',
};

/** Gate and up projection as one matrix stay one. */
export const FUSED_PROJECTIONS = { 'self_attn.qkv_proj': 'attn_qkv', 'mlp.gate_up_proj': 'ffn_up' };

/** Experts after they were stacked: `mlp.experts.3.up_proj` became `mlp.experts.up_proj`. */
export const EXPERTS = {
  'mlp.gate': 'ffn_gate_inp',
  'mlp.experts.gate_proj': 'ffn_gate_exps',
  'mlp.experts.up_proj': 'ffn_up_exps',
  'mlp.experts.down_proj': 'ffn_down_exps',
  'mlp.shared_expert_gate': 'ffn_gate_inp_shexp',
  'mlp.shared_expert.gate_proj': 'ffn_gate_shexp',
  'mlp.shared_expert.up_proj': 'ffn_up_shexp',
  'mlp.shared_expert.down_proj': 'ffn_down_shexp',
};

export const MIXTRAL_EXPERTS = {
  'block_sparse_moe.gate': 'ffn_gate_inp',
  'block_sparse_moe.experts.w1': 'ffn_gate_exps',
  'block_sparse_moe.experts.w2': 'ffn_down_exps',
  'block_sparse_moe.experts.w3': 'ffn_up_exps',
};

export const GRANITE_EXPERTS = {
  'block_sparse_moe.router.layer': 'ffn_gate_inp',
  'block_sparse_moe.gate_linear': 'ffn_gate_exps',
  'block_sparse_moe.up_linear': 'ffn_up_exps',
  'block_sparse_moe.output_linear': 'ffn_down_exps',
  'shared_mlp.gate_linear': 'ffn_gate_shexp',
  'shared_mlp.up_linear': 'ffn_up_shexp',
  'shared_mlp.output_linear': 'ffn_down_shexp',
};

/** Multi-head latent attention and shared experts (DeepSeek V2, V3). */
export const DEEPSEEK = {
  'self_attn.q_a_proj': 'attn_q_a',
  'self_attn.q_b_proj': 'attn_q_b',
  'self_attn.kv_a_proj_with_mqa': 'attn_kv_a_mqa',
  'self_attn.k_b_proj': 'attn_k_b',
  'self_attn.v_b_proj': 'attn_v_b',
  'self_attn.q_a_layernorm': 'attn_q_a_norm',
  'self_attn.kv_a_layernorm': 'attn_kv_a_norm',
  'mlp.gate.e_score_correction': 'exp_probs_b',
  'mlp.shared_experts.gate_proj': 'ffn_gate_shexp',
  'mlp.shared_experts.up_proj': 'ffn_up_shexp',
  'mlp.shared_experts.down_proj': 'ffn_down_shexp',
};

export const GPT_OSS = {
  'mlp.router': 'ffn_gate_inp',
  'self_attn.sinks': 'attn_sinks',
  post_attention_layernorm: 'post_attention_norm',
};

/** Layers of GPT-2 and GPT-BigCode. */
export const GPT2_LAYER = {
  ln_1: 'attn_norm',
  'attn.c_attn': 'attn_qkv',
  'attn.c_proj': 'attn_output',
  ln_2: 'ffn_norm',
  'mlp.c_fc': 'ffn_up',
  'mlp.c_proj': 'ffn_down',
};
export const GPT2_WHOLE = { wte: 'token_embd', wpe: 'position_embd', ln_f: 'output_norm', lm_head: 'output' };

export const GPT_NEOX_LAYER = {
  input_layernorm: 'attn_norm',
  'attention.query_key_value': 'attn_qkv',
  'attention.dense': 'attn_output',
  post_attention_layernorm: 'ffn_norm',
  'mlp.dense_h_to_4h': 'ffn_up',
  'mlp.dense_4h_to_h': 'ffn_down',
};

/** Falcon's and Bloom's layers. */
export const FALCON_LAYER = {
  input_layernorm: 'attn_norm',
  ln_mlp: 'attn_norm',
  ln_attn: 'attn_norm_2',
  'self_attention.query_key_value': 'attn_qkv',
  'self_attention.dense': 'attn_output',
  post_attention_layernorm: 'ffn_norm',
  'mlp.dense_h_to_4h': 'ffn_up',
  'mlp.dense_4h_to_h': 'ffn_down',
};

export const BERT_WHOLE = {
  'embeddings.word_embeddings': 'token_embd',
  'embeddings.position_embeddings': 'position_embd',
  'embeddings.token_type_embeddings': 'token_types',
  'embeddings.LayerNorm': 'token_embd_norm',
};
export const BERT_LAYER = {
  'attention.self.query': 'attn_q',
  'attention.self.key': 'attn_k',
  'attention.self.value': 'attn_v',
  'attention.output.dense': 'attn_output',
  'attention.output.LayerNorm': 'attn_output_norm',
  'intermediate.dense': 'ffn_up',
  'output.dense': 'ffn_down',
  'output.LayerNorm': 'layer_output_norm',
};
export const DISTILBERT_LAYER = {
  'attention.q_lin': 'attn_q',
  'attention.k_lin': 'attn_k',
  'attention.v_lin': 'attn_v',
  'attention.out_lin': 'attn_output',
  sa_layer_norm: 'attn_output_norm',
  'ffn.lin1': 'ffn_up',
  'ffn.lin2': 'ffn_down',
  output_layer_norm: 'layer_output_norm',
};
