import { type FieldVerdict, fieldVerdict } from './config-check';
import { type ConfigReader, defaultOf } from './config-reader';
import type { LayerTensor } from './fact-draft';
import type { TensorFacts } from './tensor-facts';

/** Layers of one kind among others, which config.json gives as "every so many, from there on". */
interface KindOfLayer {
  readonly types: readonly string[];
  readonly part: RegExp;
  readonly label: string;
  readonly period: string;
  /** Absent where the first such layer is the last of a period. */
  readonly offset?: string;
}

const KINDS: readonly KindOfLayer[] = [
  {
    types: ['jamba'],
    part: /^self_attn\./,
    label: 'layers with attention',
    period: 'attn_layer_period',
    offset: 'attn_layer_offset',
  },
  {
    types: ['jamba'],
    part: /^feed_forward\.(router|experts)\./,
    label: 'layers with experts',
    period: 'expert_layer_period',
    offset: 'expert_layer_offset',
  },
  {
    types: ['llama4', 'llama4_text'],
    part: /^feed_forward\.(router|experts)(\.|$)/,
    label: 'layers with experts',
    period: 'interleave_moe_layer_step',
  },
];

/** Which layers are of which kind, as their tensors show, against what config.json's numbers make of it. */
export function checkLayerKinds({ layers, facts }: TensorFacts, config: ConfigReader): FieldVerdict[] {
  const count = facts.num_hidden_layers?.value ?? 0;
  return KINDS.filter(({ types }) => types.includes(config.modelType ?? '')).flatMap((kind) =>
    checkKind(kind, layers, count, config),
  );
}

function checkKind(
  kind: KindOfLayer,
  layers: readonly LayerTensor[],
  count: number,
  config: ConfigReader,
): FieldVerdict[] {
  const tensors = layers.filter(({ name }) => kind.part.test(name));
  const there = [...new Set(tensors.map(({ layer }) => layer))].sort((a, b) => a - b);
  const [first, second] = there;
  const proof = tensors.find(({ layer }) => layer === (second ?? first))?.tensor;
  if (first === undefined || !proof) return [];
  const offset = kind.offset === undefined ? null : numberOf(config, kind.offset);
  const period = numberOf(config, kind.period);
  if (period !== null && isSame(there, layersEvery(period, offset ?? period - 1, count))) return [];
  // Of a single such layer any period is right that goes beyond the last layer.
  const proven = second === undefined ? count : second - first;
  if (!isSame(there, layersEvery(proven, first, count)) || (kind.offset === undefined && first !== proven - 1))
    return [];
  const fact = (value: number) => ({ value, tensor: proof.name, shape: proof.shape });
  const verdict = (key: string, value: number, said: number | null) =>
    said === value ? [] : [fieldVerdict(config.section + key, said, fact(value), { label: kind.label })];
  return [
    ...verdict(kind.period, proven, period),
    ...(kind.offset === undefined ? [] : verdict(kind.offset, first, offset)),
  ];
}

function numberOf(config: ConfigReader, key: string): number | null {
  const said = config.number([key]) ?? defaultOf(config, key);
  return typeof said === 'number' && Number.isInteger(said) && said >= 0 ? said : null;
}

function layersEvery(period: number, offset: number, count: number): number[] {
  if (period < 1) return [];
  const layers: number[] = [];
  for (let layer = offset; layer < count; layer += period) layers.push(layer);
  return layers;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((layer, at) => layer === b[at]);
}
