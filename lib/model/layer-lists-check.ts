import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import type { ConfigReader } from './config-reader';
import { namesByLayer } from './layer-agreement';
import type { TensorFacts } from './tensor-facts';

type Entry = number | string;

/** A list in config.json that has something to say about each layer, and what the tensors say of it. */
interface LayerList {
  readonly types: readonly string[];
  readonly key: string;
  readonly label: string;
  /** Whether its absence is a fault too: the class would then take a list of its own. */
  readonly isNeeded: boolean;
  /** Null where the tensors do not tell. */
  readonly list: (facts: TensorFacts, config: ConfigReader) => Entry[] | null;
}

const LISTS: readonly LayerList[] = [
  {
    types: ['bamba'],
    key: 'attn_layer_indices',
    label: 'layers with attention',
    isNeeded: true,
    list: (facts) => kinds(facts).flatMap((kind, layer) => (kind === 'attention' ? [layer] : [])),
  },
  {
    types: ['granitemoehybrid'],
    key: 'layer_types',
    label: 'kinds of layers',
    isNeeded: true,
    list: (facts) => kinds(facts),
  },
  {
    types: ['deci', 'nemotron-nas'],
    key: 'num_key_value_heads_per_layer',
    label: 'key/value heads of each layer',
    isNeeded: false,
    list: keyValueHeads,
  },
];
const MOST_LAYERS = 1024;

/** Lists with an entry for each layer that are not what the layers are. */
export function checkLayerLists(
  facts: TensorFacts,
  config: ConfigReader,
): { readonly patch: ConfigPatch; readonly findings: readonly Finding[] } {
  const patch: Record<string, ConfigPatch[string]> = {};
  const findings: Finding[] = [];
  for (const { types, key, label, isNeeded, list } of LISTS) {
    if (!types.includes(config.modelType ?? '')) continue;
    const said = config.field([key]);
    const proven = said || isNeeded ? list(facts, config) : null;
    if (!proven || proven.length === 0 || proven.length > MOST_LAYERS) continue;
    if (JSON.stringify(said?.value) === JSON.stringify(proven)) continue;
    const field = said?.key ?? config.section + key;
    patch[field] = proven;
    findings.push(finding(field, label, said?.value ?? null, proven));
  }
  return { patch, findings };
}

/** What each layer is, by the part that it has; empty where one has both or neither. */
function kinds({ layers }: TensorFacts): Entry[] {
  const byLayer = [...namesByLayer(layers)].sort(([a], [b]) => a - b);
  const all = byLayer.map(([, names]) => {
    const own = [...names];
    const hasAttention = own.some((name) => name.startsWith('self_attn.'));
    const hasState = own.some((name) => name.startsWith('mamba.'));
    return hasAttention === hasState ? null : hasAttention ? 'attention' : 'mamba';
  });
  return all.includes(null) || byLayer.some(([layer], at) => layer !== at) ? [] : all.filter((kind) => kind !== null);
}

/** Rows of the keys over the size of a head, which all layers share. */
function keyValueHeads({ facts, layers }: TensorFacts, config: ConfigReader): Entry[] | null {
  const heads = config.number(['num_attention_heads']);
  const rows = facts.query_rows?.value;
  const count = facts.num_hidden_layers?.value;
  if (!heads || !rows || !count || rows % heads !== 0) return null;
  const keys = layers.filter(({ name }) => name === 'self_attn.k_proj.weight').sort((a, b) => a.layer - b.layer);
  const each = keys.map(({ tensor }) => ((tensor.shape[0] ?? 0) * heads) / rows);
  return keys.length === count && each.every((size) => Number.isInteger(size) && size > 0) ? each : null;
}

function finding(field: string, label: string, said: unknown, proven: readonly Entry[]): Finding {
  const text = (value: unknown) => JSON.stringify(value).slice(0, 160);
  const begin = said === null ? `config.json has no ${field}` : `${field}: config.json says ${text(said)}`;
  return {
    code: said === null ? 'config-field-missing' : 'config-contradicts-tensors',
    severity: 'blocks',
    field,
    configured: said === null ? null : text(said),
    actual: text(proven),
    message: `${begin}; the tensors of the layers say ${text(proven)} (${label}).`,
    remedy: 'Accept the repaired config.json: it says what the tensors prove.',
    evidence: [`${label}: ${text(proven)}`],
  };
}
