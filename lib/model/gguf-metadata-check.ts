import { type ConfigObject, type ConfigReader, openConfig } from './config-reader';
import type { GgufHeader, GgufValue } from './gguf-header';
import { ropeScaling } from './gguf-tensor-extras';

interface ExpectedParameter {
  /** Behind `<architecture>.` in a GGUF. */
  readonly key: string;
  /** config.json's keys, the first of them that is there counts, in the converter's order. */
  readonly fields: readonly string[];
  /** Architectures whose converter writes another number on purpose, and that is proven by shapes instead. */
  readonly except?: readonly string[];
}

/** Feed-forward sizes that are always written as four times the width. */
const FOUR_TIMES = ['phi2', 'gpt2', 'starcoder', 'falcon', 'bloom'];
const ROPE_BASE = 'rope.freq_base';

/** `TextModel.set_gguf_parameters` and what the planned classes change of it, llama.cpp v0.5.0. */
const EXPECTED: readonly ExpectedParameter[] = [
  { key: 'block_count', fields: ['n_layers', 'num_hidden_layers', 'n_layer', 'num_layers'] },
  { key: 'embedding_length', fields: ['hidden_size', 'n_embd', 'dim'] },
  { key: 'feed_forward_length', fields: ['intermediate_size', 'n_inner', 'hidden_dim'], except: FOUR_TIMES },
  { key: 'attention.head_count', fields: ['num_attention_heads', 'n_head', 'n_heads'] },
  {
    key: 'attention.head_count_kv',
    fields: ['num_key_value_heads', 'n_kv_heads'],
    except: ['phi2', 'starcoder', 'falcon', 'bloom', 'deepseek2'],
  },
  { key: 'attention.key_length', fields: ['head_dim'], except: ['deepseek2'] },
  { key: 'attention.value_length', fields: ['head_dim'], except: ['deepseek2'] },
  { key: 'vocab_size', fields: ['vocab_size'] },
  { key: 'expert_count', fields: ['num_local_experts', 'num_experts', 'n_routed_experts'] },
  { key: 'expert_used_count', fields: ['num_experts_per_tok', 'num_experts_per_token', 'top_k_experts'] },
  { key: ROPE_BASE, fields: ['rope_theta', 'rotary_emb_base'] },
  { key: 'attention.layer_norm_rms_epsilon', fields: ['rms_norm_eps', 'norm_eps'], except: ['olmoe'] },
  {
    key: 'attention.layer_norm_epsilon',
    fields: ['layer_norm_eps', 'layer_norm_epsilon', 'norm_epsilon', 'norm_eps'],
    except: ['olmo'],
  },
];
/** GGUF keeps these as 32-bit floats. */
const FLOAT_TOLERANCE = 1e-6;

/**
 * Parameters of a GGUF that differ from what config.json says, as sentences. Only what both say is compared: a class
 * may leave a parameter out, and a field that is missing in config.json is a matter of the check before converting.
 */
export function compareMetadata(header: GgufHeader, architecture: string, config: ConfigObject): string[] {
  const reader = openConfig(config);
  const written = header.metadata.get('general.architecture');
  if (written !== architecture) {
    return [`The GGUF says it is ${JSON.stringify(written)}, but this checkpoint makes a ${architecture}.`];
  }
  const problems: string[] = [];
  for (const expected of EXPECTED) {
    if (expected.except?.includes(architecture)) continue;
    const actual = numberOf(header.metadata.get(`${architecture}.${expected.key}`));
    const configured = configuredNumber(reader, expected);
    if (actual === null || configured === null || isSame(actual, configured.value)) continue;
    problems.push(
      `The GGUF's ${expected.key} is ${actual}, but config.json says ${configured.field} = ${configured.value}.`,
    );
  }
  return problems;
}

function configuredNumber(
  config: ConfigReader,
  { key, fields }: ExpectedParameter,
): { field: string; value: number } | null {
  const inScaling = key === ROPE_BASE ? ropeScaling(config)?.['rope_theta'] : undefined;
  if (typeof inScaling === 'number') return { field: 'rope_theta', value: inScaling };
  const found = config.field(fields);
  return typeof found?.value === 'number' ? { field: found.key, value: found.value } : null;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= FLOAT_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

/** A metadata value as a number; null when it is none, or differs by layer. */
export function numberOf(value: GgufValue | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : null;
}
