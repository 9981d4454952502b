import { type FieldVerdict, fieldVerdict } from './config-check';
import type { ConfigReader } from './config-reader';
import type { LayerTensor } from './fact-draft';
import type { TensorInfo } from './safetensors-header';
import type { TensorFacts } from './tensor-facts';

/** How a class with Mamba 2's layers calls their sizes. */
interface StateSpaceKeys {
  readonly module: string;
  readonly heads: string;
  readonly state: string;
  readonly groups: string;
  /** What the class takes when the groups are not given (transformers 4.57.6). */
  readonly usualGroups: number;
  /** Either the inner size itself, or how many times the hidden size it is. */
  readonly inner?: string;
  readonly expand?: string;
}

const HYBRID = {
  module: 'mamba',
  heads: 'mamba_n_heads',
  state: 'mamba_d_state',
  groups: 'mamba_n_groups',
  usualGroups: 1,
} as const;
const CLASSES: Readonly<Record<string, StateSpaceKeys>> = {
  falcon_h1: { ...HYBRID, inner: 'mamba_d_ssm' },
  bamba: { ...HYBRID, expand: 'mamba_expand' },
  granitemoehybrid: { ...HYBRID, expand: 'mamba_expand' },
  mamba2: {
    module: 'mixer',
    heads: 'num_heads',
    state: 'state_size',
    groups: 'n_groups',
    usualGroups: 8,
    expand: 'expand',
  },
};

/**
 * The sizes of Mamba 2's layers: the output projection is as wide as what is inside, each head has one A, and the convolution
 * runs over that width with two states more for each group.
 */
export function checkStateSpace({ layers, facts }: TensorFacts, config: ConfigReader): FieldVerdict[] {
  const keys = CLASSES[config.modelType ?? ''];
  if (!keys) return [];
  const output = sameInAll(layers, `${keys.module}.out_proj.weight`);
  const heads = sameInAll(layers, `${keys.module}.A_log`);
  const convolution = sameInAll(layers, `${keys.module}.conv1d.weight`);
  const inner = output?.shape[1];
  const hidden = facts.hidden_size?.value;
  if (!output || !heads || !convolution || !inner || !hidden) return [];
  const groups = config.number([keys.groups]) ?? keys.usualGroups;
  const state = ((convolution.shape[0] ?? 0) - inner) / 2 / groups;
  return [
    ...verdict(config, keys.inner, inner, output),
    ...verdict(config, keys.expand, inner / hidden, output),
    ...verdict(config, keys.heads, heads.shape[0] ?? 0, heads),
    ...verdict(config, keys.state, state, convolution),
  ];
}

function verdict(config: ConfigReader, key: string | undefined, value: number, proof: TensorInfo): FieldVerdict[] {
  if (key === undefined || !Number.isInteger(value) || value <= 0) return [];
  const said = config.field([key]);
  if (said?.value === value) return [];
  const fact = { value, tensor: proof.name, shape: proof.shape };
  return [fieldVerdict(said?.key ?? config.section + key, said?.value ?? null, fact)];
}

function sameInAll(layers: readonly LayerTensor[], name: string): TensorInfo | null {
  const all = layers.filter((entry) => entry.name === name).map(({ tensor }) => tensor);
  const [first] = all;
  return first && all.every(({ shape }) => shape.join() === first.shape.join()) ? first : null;
}
