import type { ConfigReader } from './config-reader';
import type { OpenField } from './open-field';
import type { TensorFacts } from './tensor-facts';

/**
 * No output layer, although config.json says in so many words that there is one: it was lost, or the word is wrong. With
 * the embedding in its place, a file loads and talks nonsense in the first case, so it is asked.
 */
export function checkTiedOutput(facts: TensorFacts, config: ConfigReader): OpenField[] {
  const said = config.field(['tie_word_embeddings']);
  const embedding = facts.facts.vocab_size;
  if (!facts.tiesEmbeddings || !embedding || said?.value !== false) return [];
  return [
    {
      field: said.key,
      configured: false,
      candidates: [true],
      reason: `The weights have no output layer, only the embedding ${embedding.tensor} [${embedding.shape.join(', ')}]. Either the output layer was lost, then its file is needed, or the embedding serves for both, then this is true.`,
      tensor: embedding.tensor,
      severity: 'blocks',
    },
  ];
}
