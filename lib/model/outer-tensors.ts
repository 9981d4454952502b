/**
 * Tensors outside of the layers that llama.cpp will not load a class without, by `model_type`: names behind the prefix that
 * its layers have, `.weight` where nothing else is said. The embedding is proven by the naming family, and the output layer
 * may be the embedding; where it may not be, it is here (llama.cpp v0.5.0, src/models). A final norm is expected of all.
 */
const TABLE: Readonly<Record<string, string>> = {
  bloom: 'word_embeddings_layernorm word_embeddings_layernorm.bias ln_f.bias',
  falcon: 'ln_f.bias',
  gpt2: 'wpe ln_f.bias',
  gpt_bigcode: 'wpe ln_f.bias',
  gpt_neox: 'final_layer_norm.bias embed_out',
  phi: 'final_layernorm.bias lm_head lm_head.bias',
  stablelm: 'norm.bias lm_head',
  starcoder2: 'norm.bias',
  nemotron: 'norm.bias lm_head',
  bert: 'embeddings.position_embeddings embeddings.token_type_embeddings embeddings.LayerNorm.bias',
  roberta: 'embeddings.position_embeddings embeddings.LayerNorm.bias',
  'xlm-roberta': 'embeddings.position_embeddings embeddings.LayerNorm.bias',
  camembert: 'embeddings.position_embeddings embeddings.LayerNorm.bias',
  distilbert: 'embeddings.position_embeddings embeddings.LayerNorm.bias',
  modernbert: 'embeddings.norm',
};

/** Which of them are not among these names, under any prefix. */
export function missingOuterTensors(modelType: string, names: Iterable<string>): string[] {
  const required = (TABLE[modelType] ?? '').split(' ').filter((name) => name !== '');
  const missing = new Set(required.map((name) => (name.endsWith('.bias') ? name : `${name}.weight`)));
  if (missing.size === 0) return [];
  for (const name of names) {
    // Every ending of a name: whatever the model was wrapped in stands before it.
    const parts = name.split('.');
    for (let at = 0; at < parts.length && at < 8; at += 1) missing.delete(parts.slice(at).join('.'));
  }
  return [...missing];
}
