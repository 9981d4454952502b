import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import type { UndeterminedField } from '../domain/model-check';
import { bareKey, type ConfigEvidence } from './config-evidence';
import { flattenConfig } from './config-patch';
import {
  type ConfigField,
  type ConfigObject,
  type ConfigReader,
  defaultOf,
  HEAD_KEYS,
  isObject,
  KEY_VALUE_KEYS,
  openConfig,
} from './config-reader';
import type { TensorFacts } from './tensor-facts';

export interface EvidenceCheck {
  readonly patch: ConfigPatch;
  readonly undetermined: readonly UndeterminedField[];
  readonly findings: readonly Finding[];
}

const NOTHING: EvidenceCheck = { patch: {}, undetermined: [], findings: [] };
/** What no shape can refute, so that only another config.json can cast doubt on it. */
const DOUBTABLE: readonly (readonly string[])[] = [
  ['rope_theta', 'rotary_emb_base', 'global_rope_theta'],
  ['partial_rotary_factor', 'rotary_pct'],
  ['rms_norm_eps', 'norm_eps', 'layer_norm_eps', 'layer_norm_epsilon', 'norm_epsilon'],
  ['num_experts_per_tok'],
  ['sliding_window'],
  ['attn_logit_softcapping'],
  ['final_logit_softcapping'],
  ['original_max_position_embeddings'],
];
const SCALING_KEYS = ['rope_scaling', 'rope_parameters'];
/** Kept as they are: they say who saved the file, not what the model is. */
const NOT_RESTORED =
  /^(_name_or_path|transformers_version|auto_map|quantization_config|use_cache|torch_dtype|dtype)(\.|$)/;

/**
 * What config.json says and shapes cannot judge, held against evidence that agrees with all shapes: another model's
 * heads are another model; a changed rotary base may be meant, so that is asked and not repaired.
 */
export function checkAgainstEvidence(
  config: ConfigObject,
  evidence: readonly ConfigEvidence[],
  facts: TensorFacts,
  isStripped: boolean,
): EvidenceCheck {
  const [best] = evidence;
  if (!best || facts.family === null) return NOTHING;
  const reader = openConfig(config);
  if (isStripped) return { ...NOTHING, patch: lostFields(config, best) };
  const other = openConfig(best.config);
  const heads = differingHeads(reader, other, best.label);
  const doubts = DOUBTABLE.map((keys) => doubt(keys, reader, other, best.label)).filter((each) => each !== null);
  const scaling = lostScaling(reader, other, best);
  return {
    patch: { ...heads.patch, ...scaling.patch },
    undetermined: doubts.flatMap((each) => each.undetermined),
    findings: [...heads.findings, ...scaling.findings, ...doubts.flatMap((each) => each.findings)],
  };
}

/** All fields of an earlier or related config.json that this one has not. */
function lostFields(config: ConfigObject, { config: other }: ConfigEvidence): ConfigPatch {
  const lost = Object.entries(flattenConfig(other)).filter(([key]) => {
    return !NOT_RESTORED.test(key) && !Object.hasOwn(config, key.split('.')[0] ?? key);
  });
  return Object.fromEntries(lost);
}

function differingHeads(config: ConfigReader, other: ConfigReader, label: string): EvidenceCheck {
  const differing = [HEAD_KEYS, KEY_VALUE_KEYS, ['head_dim']].flatMap((keys) => {
    const here = config.field(keys);
    const there = other.number(keys);
    return here && there !== null && here.value !== there ? [{ ...here, there }] : [];
  });
  if (differing.length === 0) return NOTHING;
  const patch: Record<string, number> = Object.fromEntries(differing.map(({ key, there }) => [key, there]));
  const findings = differing.map(({ key, value, there }) => {
    const message = `${key}: config.json says ${String(value)}, ${label} says ${there}. Both fit the shapes, but a fine-tune keeps the heads of its base: with other heads the weights are read in the wrong order, and the file loads and talks nonsense.`;
    return differs({ key, value }, there, 'blocks', message, label);
  });
  return { patch, undetermined: [], findings };
}

function doubt(
  keys: readonly string[],
  config: ConfigReader,
  other: ConfigReader,
  label: string,
): EvidenceCheck | null {
  const here = config.field(keys);
  const there = other.field(keys)?.value;
  if (!here || typeof there !== 'number' || here.value === there) return null;
  const isClassDefault = defaultOf(config, bareKey(here.key)) === here.value;
  const message = `${here.key}: config.json says ${String(here.value)}, ${label} says ${there}. Shapes do not tell who is right.`;
  const said = typeof here.value === 'number' || typeof here.value === 'string' ? here.value : null;
  return {
    patch: {},
    // A value that merely equals the class default is what is left when a field was lost and filled in.
    undetermined: isClassDefault ? [{ field: here.key, candidates: [there, said], reason: message }] : [],
    findings: [differs(here, there, isClassDefault ? 'damages' : 'note', message, label)],
  };
}

function lostScaling(
  config: ConfigReader,
  other: ConfigReader,
  { label, config: source }: ConfigEvidence,
): EvidenceCheck {
  const scaling = other.field(SCALING_KEYS);
  if (!scaling || !isObject(scaling.value) || config.mentions(SCALING_KEYS)) return NOTHING;
  const key = bareKey(scaling.key);
  const section = other.section !== '' && isObject(source[other.section.slice(0, -1)]) ? config.section : '';
  const patch = Object.fromEntries(
    Object.entries(flattenConfig({ [key]: scaling.value })).map(([k, v]) => [section + k, v]),
  );
  const message = `config.json has no ${key}; ${label} stretches its context with one (${JSON.stringify(scaling.value).slice(0, 120)}).`;
  return { patch, undetermined: [], findings: [differs({ key, value: null }, null, 'blocks', message, label)] };
}

function differs(
  { key, value }: ConfigField,
  there: number | null,
  severity: Finding['severity'],
  message: string,
  label: string,
): Finding {
  const configured =
    typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : null;
  return {
    code: 'config-differs-from-evidence',
    severity,
    field: key,
    configured,
    ...(there === null ? {} : { actual: there }),
    message,
    remedy:
      severity === 'blocks'
        ? `Accept the repaired config.json: it takes ${key} from ${label}.`
        : `If nobody changed ${key} on purpose, take it from ${label}.`,
    evidence: [label],
  };
}
