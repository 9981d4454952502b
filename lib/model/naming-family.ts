/** What shapes prove directly, one tensor's axis each, by config.json's usual name or, where it has none, by what it is. */
export type ShapeFactName =
  | 'hidden_size'
  | 'vocab_size'
  | 'output_rows'
  | 'intermediate_size'
  | 'moe_intermediate_size'
  | 'shared_expert_intermediate_size'
  | 'num_experts'
  | 'num_attention_heads'
  | 'max_position_embeddings'
  | 'type_vocab_size'
  | 'query_rows'
  | 'key_rows'
  | 'value_rows'
  | 'fused_qkv_rows'
  | 'attention_columns'
  | 'q_lora_rank'
  | 'kv_lora_rank'
  | 'latent_query_rows'
  | 'latent_key_rows'
  | 'latent_key_value_rows'
  | 'state_size'
  | 'conv_kernel'
  | 'time_step_rank'
  | 'conv1d_inputs';

/** All numbers: those of single tensors, and those that several of them decide together. */
export type NumberName =
  | ShapeFactName
  | 'num_hidden_layers'
  | 'extra_prediction_layers'
  | 'leading_dense_layers'
  | 'num_key_value_heads'
  | 'head_dim'
  | 'qk_rope_head_dim'
  | 'qk_nope_head_dim'
  | 'v_head_dim';

/** What is proven by a tensor's being there, or not. */
export type FlagName = 'tie_word_embeddings' | 'attention_bias' | 'mlp_bias';

export type FactName = NumberName | FlagName;

/** Which axis of a tensor holds a fact. */
export interface ShapeRule {
  readonly fact: ShapeFactName;
  /** Tensor name inside its layer, e.g. `mlp.gate_proj.weight`. `*` stands for an expert's number. */
  readonly tensor: string;
  /**
   * `not-hidden`: the one of the last two axes that is not the hidden size, because families disagree on their order
   * (stacked experts are [experts, hidden, ffn] in gpt-oss and [experts, ffn, hidden] in Qwen).
   */
  readonly axis: number | 'not-hidden';
  /** For tensors that stack several matrices in one. */
  readonly divideBy?: number;
}

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
  /** Learned positions and segment types, one row each. */
  readonly positions?: readonly string[];
  readonly tokenTypes?: readonly string[];
  readonly rules: readonly ShapeRule[];
  /** Tensors inside a layer whose `.bias` says whether attention and feed-forward have biases. */
  readonly biases?: { readonly attention: readonly string[]; readonly feedForward: readonly string[] };
}
