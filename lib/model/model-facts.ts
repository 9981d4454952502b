import type { ModelFact, ModelFactName, ModelFacts } from '../domain/model-check';
import type { FactName } from './naming-family';
import type { TensorFacts } from './tensor-facts';

/** The facts that are told to the outside, by the names that the API uses. */
const PUBLIC_NAMES: Readonly<Record<ModelFactName, FactName>> = {
  numHiddenLayers: 'num_hidden_layers',
  hiddenSize: 'hidden_size',
  vocabSize: 'vocab_size',
  intermediateSize: 'intermediate_size',
  moeIntermediateSize: 'moe_intermediate_size',
  sharedExpertIntermediateSize: 'shared_expert_intermediate_size',
  numExperts: 'num_experts',
  numAttentionHeads: 'num_attention_heads',
  numKeyValueHeads: 'num_key_value_heads',
  headDim: 'head_dim',
  qLoraRank: 'q_lora_rank',
  kvLoraRank: 'kv_lora_rank',
  tieWordEmbeddings: 'tie_word_embeddings',
  attentionBias: 'attention_bias',
  mlpBias: 'mlp_bias',
  maxPositionEmbeddings: 'max_position_embeddings',
  typeVocabSize: 'type_vocab_size',
};

/** What the tensors prove, as an answer gives it: each value with its tensor and shape. */
export function toModelFacts({ facts }: TensorFacts): ModelFacts {
  const entries: [string, ModelFact][] = [];
  for (const [name, fact] of Object.entries(PUBLIC_NAMES)) {
    const proven = facts[fact];
    if (proven) entries.push([name, { value: proven.value, tensor: proven.tensor, shape: proven.shape }]);
  }
  return Object.fromEntries(entries);
}
