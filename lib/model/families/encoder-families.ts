import type { NamingFamily } from '../naming-family';

/** BERT, RoBERTa, XLM-R, CamemBERT; the prefix depends on the head that the model was saved with. */
const BERT: NamingFamily = {
  id: 'bert',
  layer: /^((?:bert\.|roberta\.|camembert\.|xlm_roberta\.)?)encoder\.layer\.(\d{1,5})\.(.+)$/,
  embeddings: ['embeddings.word_embeddings.weight'],
  outputs: [],
  norms: ['embeddings.LayerNorm.weight'],
  positions: ['embeddings.position_embeddings.weight'],
  tokenTypes: ['embeddings.token_type_embeddings.weight'],
  rules: [
    { fact: 'intermediate_size', tensor: 'intermediate.dense.weight', axis: 0 },
    { fact: 'query_rows', tensor: 'attention.self.query.weight', axis: 0 },
    { fact: 'key_rows', tensor: 'attention.self.key.weight', axis: 0 },
    { fact: 'value_rows', tensor: 'attention.self.value.weight', axis: 0 },
    { fact: 'attention_columns', tensor: 'attention.output.dense.weight', axis: 1 },
  ],
};

const DISTILBERT: NamingFamily = {
  id: 'distilbert',
  layer: /^((?:distilbert\.)?)transformer\.layer\.(\d{1,5})\.(.+)$/,
  embeddings: ['embeddings.word_embeddings.weight'],
  outputs: [],
  norms: ['embeddings.LayerNorm.weight'],
  positions: ['embeddings.position_embeddings.weight'],
  rules: [
    { fact: 'intermediate_size', tensor: 'ffn.lin1.weight', axis: 0 },
    { fact: 'query_rows', tensor: 'attention.q_lin.weight', axis: 0 },
    { fact: 'key_rows', tensor: 'attention.k_lin.weight', axis: 0 },
    { fact: 'attention_columns', tensor: 'attention.out_lin.weight', axis: 1 },
  ],
};

/** T5 and its kin: the encoder's layers; the decoder has its own count, which shapes of the encoder do not tell. */
const T5: NamingFamily = {
  id: 't5',
  layer: /^()encoder\.block\.(\d{1,5})\.(.+)$/,
  embeddings: ['shared.weight', 'encoder.embed_tokens.weight'],
  outputs: [],
  norms: ['encoder.final_layer_norm.weight'],
  rules: [
    { fact: 'intermediate_size', tensor: 'layer.1.DenseReluDense.wi.weight', axis: 0 },
    { fact: 'intermediate_size', tensor: 'layer.1.DenseReluDense.wi_0.weight', axis: 0 },
    // The position bias of the first layer has one column for each head.
    { fact: 'num_attention_heads', tensor: 'layer.0.SelfAttention.relative_attention_bias.weight', axis: 1 },
  ],
};

export const ENCODER_FAMILIES: readonly NamingFamily[] = [BERT, DISTILBERT, T5];
