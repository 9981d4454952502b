import type { NamingFamily, ShapeRule } from '../naming-family';

const ATTENTION: readonly ShapeRule[] = [
  { fact: 'query_rows', tensor: 'self_attn.q_proj.weight', axis: 0 },
  { fact: 'key_rows', tensor: 'self_attn.k_proj.weight', axis: 0 },
  { fact: 'value_rows', tensor: 'self_attn.v_proj.weight', axis: 0 },
  { fact: 'fused_qkv_rows', tensor: 'self_attn.qkv_proj.weight', axis: 0 },
  // Baichuan, InternLM2 and ModernBERT fuse too, each under its own name.
  { fact: 'fused_qkv_rows', tensor: 'self_attn.W_pack.weight', axis: 0 },
  { fact: 'fused_qkv_rows', tensor: 'attention.wqkv.weight', axis: 0 },
  { fact: 'fused_qkv_rows', tensor: 'attn.Wqkv.weight', axis: 0 },
  { fact: 'attention_columns', tensor: 'self_attn.o_proj.weight', axis: 1 },
  { fact: 'attention_columns', tensor: 'self_attn.dense.weight', axis: 1 },
  { fact: 'attention_columns', tensor: 'self_attn.out_proj.weight', axis: 1 },
  { fact: 'attention_columns', tensor: 'attention.wo.weight', axis: 1 },
  { fact: 'attention_columns', tensor: 'attn.Wo.weight', axis: 1 },
  // gpt-oss: one learned sink for each head.
  { fact: 'num_attention_heads', tensor: 'self_attn.sinks', axis: 0 },
];

/** DeepSeek V2 and V3: queries, keys and values through narrow latent layers. */
const LATENT_ATTENTION: readonly ShapeRule[] = [
  { fact: 'q_lora_rank', tensor: 'self_attn.q_a_proj.weight', axis: 0 },
  { fact: 'q_lora_rank', tensor: 'self_attn.q_b_proj.weight', axis: 1 },
  { fact: 'latent_query_rows', tensor: 'self_attn.q_b_proj.weight', axis: 0 },
  { fact: 'kv_lora_rank', tensor: 'self_attn.kv_a_layernorm.weight', axis: 0 },
  { fact: 'kv_lora_rank', tensor: 'self_attn.kv_b_proj.weight', axis: 1 },
  { fact: 'latent_key_rows', tensor: 'self_attn.kv_a_proj_with_mqa.weight', axis: 0 },
  { fact: 'latent_key_value_rows', tensor: 'self_attn.kv_b_proj.weight', axis: 0 },
];

const FEED_FORWARD: readonly ShapeRule[] = [
  { fact: 'intermediate_size', tensor: 'mlp.gate_proj.weight', axis: 0 },
  { fact: 'intermediate_size', tensor: 'mlp.up_proj.weight', axis: 0 },
  { fact: 'intermediate_size', tensor: 'mlp.down_proj.weight', axis: 1 },
  { fact: 'intermediate_size', tensor: 'mlp.gate_up_proj.weight', axis: 0, divideBy: 2 },
  { fact: 'intermediate_size', tensor: 'mlp.Wi.weight', axis: 0, divideBy: 2 },
  { fact: 'intermediate_size', tensor: 'mlp.c_fc.weight', axis: 0 },
  { fact: 'intermediate_size', tensor: 'mlp.fc1.weight', axis: 0 },
  { fact: 'intermediate_size', tensor: 'feed_forward.w1.weight', axis: 0 },
  { fact: 'intermediate_size', tensor: 'feed_forward.gate_proj.weight', axis: 0 },
];

/** Experts stored one by one, or stacked in three dimensions; a router has one row for each. */
const EXPERTS: readonly ShapeRule[] = [
  { fact: 'num_experts', tensor: 'block_sparse_moe.gate.weight', axis: 0 },
  { fact: 'num_experts', tensor: 'block_sparse_moe.router.layer.weight', axis: 0 },
  { fact: 'num_experts', tensor: 'mlp.gate.weight', axis: 0 },
  { fact: 'num_experts', tensor: 'mlp.gate.wg.weight', axis: 0 },
  { fact: 'num_experts', tensor: 'mlp.router.weight', axis: 0 },
  { fact: 'num_experts', tensor: 'feed_forward.router.weight', axis: 0 },
  { fact: 'num_experts', tensor: 'mlp.experts.down_proj', axis: 0 },
  { fact: 'num_experts', tensor: 'mlp.experts.gate_up_proj_bias', axis: 0 },
  { fact: 'moe_intermediate_size', tensor: 'block_sparse_moe.experts.*.w1.weight', axis: 0 },
  { fact: 'moe_intermediate_size', tensor: 'block_sparse_moe.input_linear.weight', axis: 1, divideBy: 2 },
  { fact: 'moe_intermediate_size', tensor: 'mlp.experts.*.gate_proj.weight', axis: 0 },
  { fact: 'moe_intermediate_size', tensor: 'mlp.experts.*.down_proj.weight', axis: 1 },
  { fact: 'moe_intermediate_size', tensor: 'mlp.experts.down_proj', axis: 'not-hidden' },
  { fact: 'moe_intermediate_size', tensor: 'mlp.experts.down_proj.weight', axis: 'not-hidden' },
  { fact: 'moe_intermediate_size', tensor: 'mlp.experts.gate_up_proj_bias', axis: 1, divideBy: 2 },
  { fact: 'moe_intermediate_size', tensor: 'feed_forward.experts.*.gate_proj.weight', axis: 0 },
  { fact: 'moe_intermediate_size', tensor: 'feed_forward.experts.down_proj', axis: 'not-hidden' },
  { fact: 'shared_expert_intermediate_size', tensor: 'mlp.shared_expert.gate_proj.weight', axis: 0 },
  { fact: 'shared_expert_intermediate_size', tensor: 'mlp.shared_experts.gate_proj.weight', axis: 0 },
  { fact: 'shared_expert_intermediate_size', tensor: 'mlp.shared_mlp.gate_proj.weight', axis: 0 },
  { fact: 'shared_expert_intermediate_size', tensor: 'shared_mlp.input_linear.weight', axis: 0, divideBy: 2 },
];

/** Most decoders since LLaMA: `model.layers.N.self_attn.q_proj.weight`; also below `language_model.` or `text_model.` in vision models. */
export const DECODER_FAMILY: NamingFamily = {
  id: 'decoder',
  layer: /^((?:(?:model\.)?(?:language_model|text_model)\.)?(?:model\.)?)layers\.(\d{1,5})\.(.+)$/,
  embeddings: ['embed_tokens.weight', 'tok_embeddings.weight', 'embeddings.tok_embeddings.weight'],
  outputs: ['lm_head.weight', 'language_model.lm_head.weight', 'output.weight'],
  norms: ['norm.weight', 'final_layernorm.weight', 'embedding_norm.weight', 'final_norm.weight'],
  rules: [...ATTENTION, ...LATENT_ATTENTION, ...FEED_FORWARD, ...EXPERTS],
  biases: {
    attention: ['self_attn.k_proj', 'self_attn.kv_a_proj_with_mqa'],
    feedForward: ['mlp.down_proj'],
  },
};
