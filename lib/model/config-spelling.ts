import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import { SECTIONS } from './config-patch';
import { type ConfigObject, isObject } from './config-reader';
import { JsonCursor, type JsonDialect, JsonSyntaxError } from './json-cursor';

/** Numbers that config.json spells with a point or an exponent, by field: Python reads them as fractions. */
export type FractionSpellings = ReadonlyMap<string, string>;

export interface SpellingCheck {
  readonly patch: ConfigPatch;
  readonly findings: readonly Finding[];
}

const DIALECT: JsonDialect = { maxDepth: 128, isPython: true };
const WHOLE_NUMBERS: ReadonlySet<string> = new Set(
  `
    num_hidden_layers n_layers n_layer num_layers num_decoder_layers hidden_size n_embd n_embed d_model dim vocab_size
    padded_vocab_size intermediate_size n_inner hidden_dim ffn_hidden_size d_ff ffn_dim moe_intermediate_size
    shared_expert_intermediate_size moe_shared_expert_intermediate_size shared_intermediate_size num_attention_heads
    n_head n_heads num_heads num_key_value_heads n_kv_heads num_kv_heads n_head_kv head_dim max_position_embeddings
    n_positions n_ctx max_seq_len max_sequence_length original_max_position_embeddings sliding_window num_local_experts
    num_experts n_routed_experts n_shared_experts moe_num_experts num_experts_per_tok num_experts_per_token top_k_experts
    n_group topk_group first_k_dense_replace q_lora_rank kv_lora_rank qk_rope_head_dim qk_nope_head_dim v_head_dim
    type_vocab_size state_size conv_kernel time_step_rank expand rotary_dim num_nextn_predict_layers
    no_rope_layer_interval decoder_sparse_step
  `
    .trim()
    .split(/\s+/),
);
const NUMBERS: ReadonlySet<string> = new Set(
  `
    rope_theta rotary_emb_base global_rope_theta local_rope_theta rope_local_base_freq rms_norm_eps norm_eps layer_norm_eps
    layer_norm_epsilon norm_epsilon partial_rotary_factor rotary_pct rope_pct logit_scale logits_scaling
    embedding_multiplier residual_multiplier attention_multiplier attn_logit_softcapping final_logit_softcapping
    routed_scaling_factor query_pre_attn_scalar factor low_freq_factor high_freq_factor
  `
    .trim()
    .split(/\s+/),
);
const FLAGS: ReadonlySet<string> = new Set(
  'tie_word_embeddings attention_bias mlp_bias use_parallel_residual multi_query new_decoder_architecture norm_topk_prob parallel_attn alibi bias'.split(
    ' ',
  ),
);
const NUMERAL = /^\s*[-+]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][-+]?\d{1,3})?\s*$/;

/** The numbers of config.json and of its known sections that are written as fractions; none when it is not JSON. */
export function fractionSpellings(text: string): FractionSpellings {
  const found = new Map<string, string>();
  try {
    readSpellings(text, 0, '', found);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    found.clear();
  }
  return found;
}

function readSpellings(text: string, start: number, prefix: string, found: Map<string, string>): void {
  const cursor = new JsonCursor(text, DIALECT, start);
  cursor.object((key) => {
    const span = cursor.skip();
    const spelling = text.slice(span.start, Math.min(span.end, span.start + 40));
    if (/^-?\d/.test(spelling) && /[.eE]/.test(spelling)) found.set(prefix + key, spelling);
    else found.delete(prefix + key);
    if (prefix === '' && spelling.startsWith('{') && SECTIONS.has(key))
      readSpellings(text, span.start, `${key}.`, found);
  });
}

/**
 * Values of the right size and the wrong kind: 4.0 layers, "4" layers, "false" for false. Python keeps them as they are
 * written, and the converter stops at a fraction or a text where it counts, or takes any text for true.
 */
export function checkSpelling(config: ConfigObject, fractions: FractionSpellings): SpellingCheck {
  const patch: Record<string, number | boolean> = {};
  const findings: Finding[] = [];
  const look = (object: ConfigObject, prefix: string) => {
    for (const [key, value] of Object.entries(object)) {
      if (prefix === '' && isObject(value) && SECTIONS.has(key)) look(value, `${key}.`);
      const field = prefix + key;
      const meant = meaning(key, value, fractions.get(field));
      if (meant === null) continue;
      patch[field] = meant;
      findings.push(misspelled(field, value, fractions.get(field) ?? JSON.stringify(value), meant));
    }
  };
  look(config, '');
  return { patch, findings };
}

/** What a value stands for where it is of the wrong kind; null where it is right, or stands for nothing. */
function meaning(key: string, value: unknown, fraction: string | undefined): number | boolean | null {
  if (typeof value === 'number') {
    return fraction !== undefined && WHOLE_NUMBERS.has(key) && Number.isSafeInteger(value) ? value : null;
  }
  if (typeof value !== 'string') return null;
  if (FLAGS.has(key)) return /^\s*(true|false)\s*$/i.test(value) ? value.trim().toLowerCase() === 'true' : null;
  if (!NUMERAL.test(value)) return null;
  const number = Number(value);
  if (WHOLE_NUMBERS.has(key)) return Number.isSafeInteger(number) ? number : null;
  return NUMBERS.has(key) && Number.isFinite(number) ? number : null;
}

function misspelled(field: string, value: unknown, spelling: string, meant: number | boolean): Finding {
  const kind = typeof value === 'string' ? 'a text' : 'a fraction';
  return {
    code: 'config-value-misspelled',
    severity: 'blocks',
    field,
    configured: spelling.slice(0, 60),
    actual: meant,
    message: `${field}: config.json says ${spelling.slice(0, 60)}, which Python reads as ${kind}; the converter needs ${String(meant)}.`,
    remedy: 'Accept the repaired config.json: it says the same as a plain value.',
    evidence: [`config.json: "${field}": ${spelling.slice(0, 60)}`],
  };
}
