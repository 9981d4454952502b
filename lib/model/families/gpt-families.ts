import type { NamingFamily } from '../naming-family';

/** GPT-2, GPT-BigCode, GPT-J, Falcon, Bloom: `transformer.h.N`. */
const GPT2: NamingFamily = {
  id: 'gpt2',
  layer: /^((?:transformer\.)?)h\.(\d{1,5})\.(.+)$/,
  embeddings: ['wte.weight', 'word_embeddings.weight'],
  outputs: ['lm_head.weight'],
  norms: ['ln_f.weight'],
  positions: ['wpe.weight'],
  rules: [
    // The bias, because GPT-2 stores [hidden, ffn] (Conv1D) and its relatives [ffn, hidden] under the same name.
    { fact: 'intermediate_size', tensor: 'mlp.c_fc.bias', axis: 0 },
    { fact: 'intermediate_size', tensor: 'mlp.fc_in.bias', axis: 0 },
    { fact: 'intermediate_size', tensor: 'mlp.dense_h_to_4h.weight', axis: 0 },
    { fact: 'fused_qkv_rows', tensor: 'attn.c_attn.bias', axis: 0 },
    { fact: 'conv1d_inputs', tensor: 'attn.c_attn.weight', axis: 0 },
    { fact: 'fused_qkv_rows', tensor: 'self_attention.query_key_value.weight', axis: 0 },
    { fact: 'attention_columns', tensor: 'attn.c_proj.bias', axis: 0 },
    { fact: 'attention_columns', tensor: 'self_attention.dense.weight', axis: 1 },
  ],
};

const GPT_NEOX: NamingFamily = {
  id: 'gpt-neox',
  layer:
    /^((?:gpt_neox\.)?)layers\.(\d{1,5})\.(attention\..+|mlp\.dense.+|input_layernorm.+|post_attention_layernorm.+)$/,
  embeddings: ['embed_in.weight'],
  outputs: ['embed_out.weight'],
  norms: ['final_layer_norm.weight'],
  rules: [
    { fact: 'intermediate_size', tensor: 'mlp.dense_h_to_4h.weight', axis: 0 },
    { fact: 'fused_qkv_rows', tensor: 'attention.query_key_value.weight', axis: 0 },
    { fact: 'attention_columns', tensor: 'attention.dense.weight', axis: 1 },
  ],
};

const MPT: NamingFamily = {
  id: 'mpt',
  layer: /^((?:transformer\.)?)blocks\.(\d{1,5})\.(.+)$/,
  embeddings: ['wte.weight'],
  outputs: ['lm_head.weight'],
  norms: ['norm_f.weight', 'norm_1.weight'],
  positions: ['wpe.weight'],
  rules: [
    { fact: 'intermediate_size', tensor: 'ffn.up_proj.weight', axis: 0 },
    { fact: 'fused_qkv_rows', tensor: 'attn.Wqkv.weight', axis: 0 },
    { fact: 'attention_columns', tensor: 'attn.out_proj.weight', axis: 1 },
    // DBRX names its blocks the same.
    { fact: 'num_experts', tensor: 'ffn.router.layer.weight', axis: 0 },
  ],
};

/** ChatGLM 2 to 4 as published with code of its own. */
const CHATGLM: NamingFamily = {
  id: 'chatglm',
  layer: /^(transformer\.)encoder\.layers\.(\d{1,5})\.(.+)$/,
  embeddings: ['embedding.word_embeddings.weight'],
  outputs: ['output_layer.weight'],
  norms: ['encoder.final_layernorm.weight'],
  rules: [{ fact: 'intermediate_size', tensor: 'mlp.dense_4h_to_h.weight', axis: 1 }],
};

export const GPT_FAMILIES: readonly NamingFamily[] = [GPT2, GPT_NEOX, MPT, CHATGLM];
