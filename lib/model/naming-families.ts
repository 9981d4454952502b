/** Which axis of a tensor holds a fact; `divideBy` for tensors that stack several matrices in one. */
export interface ShapeRule {
  readonly fact: FactName;
  /** Tensor name inside its layer, e.g. `mlp.gate_proj.weight`. `*` stands for an expert's number. */
  readonly tensor: string;
  readonly axis: number;
  readonly divideBy?: number;
}

export type FactName =
  | 'num_hidden_layers'
  | 'hidden_size'
  | 'vocab_size'
  | 'output_rows'
  | 'intermediate_size'
  | 'moe_intermediate_size'
  | 'shared_expert_intermediate_size'
  | 'num_experts'
  | 'head_dim'
  | 'query_rows'
  | 'key_rows'
  | 'value_rows'
  | 'fused_qkv_rows'
  | 'attention_columns';

/**
 * How one lineage of code names its tensors. A new family is one entry: the regular expression of its layers, where its
 * embedding is, and which tensor's axis proves what.
 */
export interface NamingFamily {
  readonly id: string;
  /** First group: prefix before the layers; second: layer number; third: name inside the layer. */
  readonly layer: RegExp;
  /** Names after the prefix (or whole names), rows = vocabulary, columns = hidden size. */
  readonly embeddings: readonly string[];
  readonly outputs: readonly string[];
  /** One-dimensional norms as long as the hidden size: a second witness for it. */
  readonly norms: readonly string[];
  readonly rules: readonly ShapeRule[];
}

const ATTENTION: readonly ShapeRule[] = [
  { fact: 'query_rows', tensor: 'self_attn.q_proj.weight', axis: 0 },
  { fact: 'key_rows', tensor: 'self_attn.k_proj.weight', axis: 0 },
  { fact: 'value_rows', tensor: 'self_attn.v_proj.weight', axis: 0 },
  { fact: 'fused_qkv_rows', tensor: 'self_attn.qkv_proj.weight', axis: 0 },
  { fact: 'attention_columns', tensor: 'self_attn.o_proj.weight', axis: 1 },
  { fact: 'attention_columns', tensor: 'self_attn.dense.weight', axis: 1 },
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
  { fact: 'intermediate_size', tensor: 'block_sparse_moe.experts.*.w1.weight', axis: 0 },
  { fact: 'moe_intermediate_size', tensor: 'mlp.experts.*.gate_proj.weight', axis: 0 },
  { fact: 'shared_expert_intermediate_size', tensor: 'mlp.shared_expert.gate_proj.weight', axis: 0 },
  { fact: 'num_experts', tensor: 'block_sparse_moe.gate.weight', axis: 0 },
  { fact: 'num_experts', tensor: 'mlp.gate.weight', axis: 0 },
];

/** Most decoders since LLaMA: `model.layers.N.self_attn.q_proj.weight`; also below `language_model.` in vision models. */
const DECODER: NamingFamily = {
  id: 'decoder',
  layer: /^((?:(?:model\.)?language_model\.)?(?:model\.)?)layers\.(\d{1,5})\.(.+)$/,
  embeddings: ['embed_tokens.weight', 'tok_embeddings.weight', 'embeddings.tok_embeddings.weight'],
  outputs: ['lm_head.weight', 'language_model.lm_head.weight', 'output.weight'],
  norms: ['norm.weight', 'final_layernorm.weight'],
  rules: [...ATTENTION, ...FEED_FORWARD],
};

const GPT2: NamingFamily = {
  id: 'gpt2',
  layer: /^((?:transformer\.)?)h\.(\d{1,5})\.(.+)$/,
  embeddings: ['wte.weight', 'word_embeddings.weight'],
  outputs: ['lm_head.weight'],
  norms: ['ln_f.weight'],
  rules: [
    // The bias, because GPT-2 stores [hidden, ffn] (Conv1D) and its relatives [ffn, hidden] under the same name.
    { fact: 'intermediate_size', tensor: 'mlp.c_fc.bias', axis: 0 },
    { fact: 'intermediate_size', tensor: 'mlp.fc_in.bias', axis: 0 },
    { fact: 'intermediate_size', tensor: 'mlp.dense_h_to_4h.weight', axis: 0 },
    { fact: 'fused_qkv_rows', tensor: 'self_attention.query_key_value.weight', axis: 0 },
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
  ],
};

const MPT: NamingFamily = {
  id: 'mpt',
  layer: /^((?:transformer\.)?)blocks\.(\d{1,5})\.(.+)$/,
  embeddings: ['wte.weight'],
  outputs: ['lm_head.weight'],
  norms: ['norm_f.weight'],
  rules: [{ fact: 'intermediate_size', tensor: 'ffn.up_proj.weight', axis: 0 }],
};

const BERT: NamingFamily = {
  id: 'bert',
  layer: /^((?:bert\.|roberta\.)?)encoder\.layer\.(\d{1,5})\.(.+)$/,
  embeddings: ['embeddings.word_embeddings.weight'],
  outputs: [],
  norms: ['embeddings.LayerNorm.weight'],
  rules: [
    { fact: 'intermediate_size', tensor: 'intermediate.dense.weight', axis: 0 },
    { fact: 'query_rows', tensor: 'attention.self.query.weight', axis: 0 },
    { fact: 'key_rows', tensor: 'attention.self.key.weight', axis: 0 },
  ],
};

const DISTILBERT: NamingFamily = {
  id: 'distilbert',
  layer: /^((?:distilbert\.)?)transformer\.layer\.(\d{1,5})\.(.+)$/,
  embeddings: ['embeddings.word_embeddings.weight'],
  outputs: [],
  norms: ['embeddings.LayerNorm.weight'],
  rules: [{ fact: 'intermediate_size', tensor: 'ffn.lin1.weight', axis: 0 }],
};

const MAMBA: NamingFamily = {
  id: 'mamba',
  layer: /^(backbone\.)layers\.(\d{1,5})\.(.+)$/,
  embeddings: ['embeddings.weight', 'embedding.weight'],
  outputs: ['lm_head.weight'],
  norms: ['norm_f.weight'],
  rules: [],
};

/** Tried in turn; the family whose layers and embedding are both found, with most tensors, explains the checkpoint. */
export const NAMING_FAMILIES: readonly NamingFamily[] = [DECODER, GPT2, GPT_NEOX, MPT, BERT, DISTILBERT, MAMBA];
