import { type FactDraft, type LayerTensor, stateFact } from './fact-draft';
import type { FactName, NamingFamily } from './naming-family';
import type { TensorInfo } from './safetensors-header';

/** A norm of the queries or keys, as long as one head or as all of them. */
const HEAD_NORM = /^self_attn\.(?:q_norm|q_layernorm|query_layernorm|k_norm|k_layernorm|key_layernorm)\.weight$/;
/** In every layer that only predicts further tokens (DeepSeek V3, GLM 4.5, MiMo). */
const PREDICTION_MARK = /^(eh_proj|enorm|hnorm|shared_head\..+)\.weight$/;
const EXPERT_MARK = /^(mlp\.experts|mlp\.gate\.|block_sparse_moe|feed_forward\.experts)/;

/** Facts that several tensors decide together: heads, latent attention, biases, kinds of layers. */
export function deriveFacts(facts: FactDraft, family: NamingFamily, layers: readonly LayerTensor[]): void {
  addFusedRows(facts);
  if (facts.get('kv_lora_rank')) addLatentHeads(facts);
  else addHeads(facts, layers);
  addBiases(facts, family, layers);
  addKindsOfLayers(facts, layers);
  addExperts(facts, layers);
}

/** One matrix for queries, keys and values: the output projection tells the queries' share, the rest is halved. */
function addFusedRows(facts: FactDraft): void {
  const fused = facts.get('fused_qkv_rows');
  const columns = facts.get('attention_columns');
  if (!fused || !columns || facts.has('query_rows')) return;
  const keyRows = (Number(fused.value) - Number(columns.value)) / 2;
  if (!Number.isInteger(keyRows) || keyRows <= 0) return;
  facts.set('query_rows', columns);
  facts.set('key_rows', { ...fused, value: keyRows });
  // GPT-BigCode has as many key heads as query heads, or a single one.
  const isBigCode = fused.tensor.endsWith('.attn.c_attn.bias') && keyRows < Number(columns.value);
  if (isBigCode) facts.set('head_dim', { ...fused, value: keyRows });
}

/**
 * Heads and their size where a tensor says one of them: a norm of one head (Qwen3, Gemma3), one row for each head
 * (Cohere), a sink for each head (gpt-oss), or a single key head (multi-query). OLMo2's norms span all heads.
 */
function addHeads(facts: FactDraft, layers: readonly LayerTensor[]): void {
  const queryRows = count(facts, 'query_rows');
  const keyRows = count(facts, 'key_rows');
  if (queryRows === null || keyRows === null || !isPlain(facts)) return;
  const norms = layers.filter(({ name }) => HEAD_NORM.test(name));
  const oneHead = oneHeadNorm(norms, queryRows);
  for (const { tensor } of norms) {
    const size = tensor.shape.at(-1) ?? 0;
    const isWide = size === queryRows || size === keyRows;
    if (isWide && size !== oneHead) continue;
    if (size > 0 && queryRows % size === 0 && keyRows % size === 0) stateFact(facts, 'head_dim', size, tensor);
    else facts.set('head_dim', null);
  }
  const sinks = facts.get('num_attention_heads');
  if (sinks && queryRows % Number(sinks.value) === 0) {
    facts.set('head_dim', { ...sinks, value: queryRows / Number(sinks.value) });
  }
  addHeadCounts(facts, queryRows, keyRows);
}

/**
 * The length of the queries' norm where it is shorter than all queries. With a single key head, it is as long as all
 * keys; with a norm over all heads, only the keys' norm is.
 */
function oneHeadNorm(norms: readonly LayerTensor[], queryRows: number): number | null {
  const shape = norms.find(({ name }) => /\.(q|query)_/.test(name))?.tensor.shape ?? [];
  const [size] = shape;
  return shape.length === 1 && size !== undefined && size < queryRows ? size : null;
}

function addHeadCounts(facts: FactDraft, queryRows: number, keyRows: number): void {
  const headDim = count(facts, 'head_dim');
  const query = facts.get('query_rows');
  const key = facts.get('key_rows');
  if (headDim === null || !query || !key) return;
  if (queryRows % headDim !== 0 || keyRows % headDim !== 0) return;
  facts.set('num_attention_heads', { ...query, value: queryRows / headDim });
  facts.set('num_key_value_heads', { ...key, value: keyRows / headDim });
}

/** Queries as wide as what comes out, values as keys. Gated attention and latent values are not, and prove nothing here. */
function isPlain(facts: FactDraft): boolean {
  const columns = count(facts, 'attention_columns');
  const values = count(facts, 'value_rows');
  return (
    (columns === null || columns === count(facts, 'query_rows')) &&
    (values === null || values === count(facts, 'key_rows'))
  );
}

/**
 * Latent attention is decided by its shapes: with R = rotary part, N = the rest, V = values, each of one head, the
 * query rows are H·(N+R), the key/value rows H·(N+V), the output columns H·V, and R is what the latent keys have more
 * than their rank.
 */
function addLatentHeads(facts: FactDraft): void {
  const rank = count(facts, 'kv_lora_rank');
  const latent = count(facts, 'latent_key_rows');
  const query = count(facts, 'latent_query_rows') ?? count(facts, 'query_rows');
  const keyValue = count(facts, 'latent_key_value_rows');
  const columns = count(facts, 'attention_columns');
  if (rank === null || latent === null || query === null || keyValue === null || columns === null) return;
  const rope = latent - rank;
  const heads = (query - keyValue + columns) / rope;
  const values = columns / heads;
  const rest = (keyValue - columns) / heads;
  if (![heads, values, rest].every((size) => Number.isInteger(size) && size > 0)) return;
  const prove = (name: FactName, value: number, proof: FactName) => {
    const fact = facts.get(proof);
    if (fact) facts.set(name, { ...fact, value });
  };
  prove('qk_rope_head_dim', rope, 'latent_key_rows');
  prove('qk_nope_head_dim', rest, 'latent_key_value_rows');
  prove('v_head_dim', values, 'attention_columns');
  prove('num_attention_heads', heads, 'attention_columns');
}

function addBiases(facts: FactDraft, family: NamingFamily, layers: readonly LayerTensor[]): void {
  const look = (fact: FactName, modules: readonly string[]) => {
    const bias = layers.find(({ name }) => modules.some((module) => name === `${module}.bias`));
    const weight = layers.find(({ name }) => modules.some((module) => name === `${module}.weight`));
    if (bias) stateFact(facts, fact, true, bias.tensor);
    else if (weight) stateFact(facts, fact, false, weight.tensor);
  };
  look('attention_bias', family.biases?.attention ?? []);
  look('mlp_bias', family.biases?.feedForward ?? []);
}

/** Layers at the end that predict further tokens, and dense layers before those with experts. */
function addKindsOfLayers(facts: FactDraft, layers: readonly LayerTensor[]): void {
  const extra = layers.filter(({ name }) => PREDICTION_MARK.test(name));
  const total = facts.get('num_hidden_layers');
  const numbers = new Set(extra.map(({ layer }) => layer));
  const [firstExtra] = extra;
  if (firstExtra && total) {
    stateFact(facts, 'extra_prediction_layers', numbers.size, firstExtra.tensor);
    facts.set('num_hidden_layers', { ...total, value: Number(total.value) - numbers.size });
  }
  const withExperts = layers.filter(({ name }) => EXPERT_MARK.test(name));
  const first = lowest(withExperts);
  if (!first || !total) return;
  const isAllAfter = new Set(withExperts.map(({ layer }) => layer)).size === Number(total.value) - first.layer;
  if (isAllAfter) stateFact(facts, 'leading_dense_layers', first.layer, first.tensor);
}

function lowest(layers: readonly LayerTensor[]): LayerTensor | null {
  return layers.reduce<LayerTensor | null>((low, entry) => (low && low.layer <= entry.layer ? low : entry), null);
}

/** Experts stored one by one are counted where no router tells; where all layers have them, they are the feed-forward. */
function addExperts(facts: FactDraft, layers: readonly LayerTensor[]): void {
  if (!facts.has('num_experts')) {
    let top: { number: number; tensor: TensorInfo } | null = null;
    for (const { tensor } of layers) {
      const number = Number(/\.experts\.(\d{1,5})\./.exec(tensor.name)?.[1] ?? -1);
      if (number >= 0 && (top === null || number > top.number)) top = { number, tensor };
    }
    if (top) stateFact(facts, 'num_experts', top.number + 1, top.tensor);
  }
  const experts = facts.get('moe_intermediate_size');
  const isMixtral = layers.some(({ name }) => name.startsWith('block_sparse_moe.') || name.startsWith('mlp.router.'));
  if (experts && isMixtral && !facts.has('intermediate_size')) facts.set('intermediate_size', experts);
}

function count(facts: FactDraft, name: FactName): number | null {
  const value = facts.get(name)?.value;
  return typeof value === 'number' ? value : null;
}
