import type { ConfigPatch } from '../domain/conversion-spec';
import type { FileRepair } from '../domain/file-repair';
import type { FieldContradiction, Finding } from '../domain/finding';
import type { UndeterminedField } from '../domain/model-check';
import { checkAdapterTensors } from './adapter-check';
import { checkAttention } from './attention-check';
import type { CheckpointFiles } from './checkpoint-files';
import { checkClass } from './class-check';
import { checkCompleteness } from './completeness-check';
import { checkConfig, type FieldVerdict, proposePatch } from './config-check';
import { agreeingEvidence, bareKey, type ConfigEvidence, isStrippedConfig } from './config-evidence';
import { applyConfigPatch } from './config-patch';
import { type ConfigObject, openConfig } from './config-reader';
import { checkSpelling, type FractionSpellings } from './config-spelling';
import { checkConverterFields } from './converter-fields';
import { checkDeclarations, findDuplicatedTensors } from './declaration-check';
import { checkAgainstEvidence } from './evidence-check';
import { checkLayerKinds } from './layer-kinds-check';
import { checkLayerLists } from './layer-lists-check';
import { checkOutput, type OutputEvidence } from './output-evidence';
import { checkPredictionLayers } from './prediction-layers';
import { checkQuantization } from './quantization-config-check';
import { checkRawClass } from './raw-class-fields';
import { checkRopeScaling } from './rope-scaling-check';
import { checkRotary, isRotaryBase, type RotaryEvidence, withRotaryFacts } from './rotary-evidence';
import { checkRouting } from './routing-check';
import type { SafetensorsHeader } from './safetensors-header';
import { settleOpenFields } from './settle-open-fields';
import { checkShapeless, withoutShapeless } from './shapeless-check';
import { checkSpecialIds } from './special-ids-check';
import { checkStateSpace } from './state-space-check';
import type { TensorFacts } from './tensor-facts';
import { checkTiedOutput } from './tied-output-check';
import { checkIndex, type WeightIndex } from './weight-index';
import { checkWrappedNames } from './wrapped-names-check';

/** A checkpoint's weights, read whole. */
export interface Weights {
  readonly files: CheckpointFiles;
  readonly index: WeightIndex | null;
  readonly headers: readonly SafetensorsHeader[];
  readonly facts: TensorFacts;
  readonly rotary: RotaryEvidence | null;
  readonly output: OutputEvidence | null;
}

export interface Assessment {
  readonly contradictions: readonly FieldContradiction[];
  readonly findings: readonly Finding[];
  readonly patch: ConfigPatch;
  readonly undetermined: readonly UndeterminedField[];
  /** Changes to config.json that no patch of fields can say. */
  readonly repairs: readonly FileRepair[];
}

export interface AssessOptions {
  /** config.json as it was found, where the one assessed is repaired already. */
  readonly original: ConfigObject;
  /** Fields that a person has answered or approved, without their section. */
  readonly answered: ReadonlySet<string>;
  /** How config.json spells its fractions; fields that are repaired already aside. */
  readonly fractions: FractionSpellings;
  readonly evidence: readonly ConfigEvidence[];
  supportsArchitecture(name: string): boolean;
}

/** All that is wrong with a config.json beside these weights, what no patch can help first. */
export function assessConfig(written: ConfigObject, weights: Weights, options: AssessOptions): Assessment {
  const { files, index, headers, facts } = weights;
  const spelled = checkSpelling(written, options.fractions);
  const special = checkSpecialIds(written);
  const spelling = {
    patch: { ...spelled.patch, ...special.patch },
    findings: [...spelled.findings, ...special.findings],
  };
  const config = applyConfigPatch(written, spelling.patch);
  const fields = assessFields(config, weights, options);
  const tensors = headers.flatMap((header) => header.tensors);
  const quantization = checkQuantization(config, tensors);
  const patch = { ...spelling.patch, ...fields.patch, ...quantization.patch };
  // What the tensors contradict as well is said once.
  const misspelled = spelling.findings.filter(
    ({ field }) => field === undefined || !Object.hasOwn(fields.patch, field),
  );
  const unhelpable = [
    checkAdapterTensors(tensors),
    checkWrappedNames(facts, tensors),
    quantization.finding,
    index ? checkIndex(index, files, headers) : findDuplicatedTensors(headers),
    missingLayersFinding(facts),
    checkCompleteness(openConfig(applyConfigPatch(config, patch)).modelType, facts, tensors),
    ...checkDeclarations(applyConfigPatch(config, patch), files, asksClass(fields), (name) =>
      options.supportsArchitecture(name),
    ),
  ];
  const found = [...unhelpable.filter((finding) => finding !== null), ...misspelled, ...fields.findings];
  return { ...fields, patch, findings: found, repairs: quantization.repairs ?? [] };
}

function asksClass({ undetermined }: Assessment): boolean {
  return undetermined.some(({ field }) => field === 'architectures');
}

/** Class first, since it decides what an absent field becomes; then sizes; then what only other evidence can answer. */
function assessFields(config: ConfigObject, weights: Weights, options: AssessOptions): Assessment {
  const { facts, rotary, output } = weights;
  const evidence = agreeingEvidence(options.evidence, facts);
  const isStripped = isStrippedConfig(openConfig(config));
  const wasStripped = isStrippedConfig(openConfig(options.original));
  const kind = checkClass(config, facts, evidence, (name) => options.supportsArchitecture(name));
  // While several classes are possible, the likeliest tells how fields are called; all of them call them the same.
  const likeliest = kind.open.find(({ field }) => field === 'model_type')?.candidates[0];
  const typed = applyConfigPatch(config, typeof likeliest === 'string' ? { model_type: likeliest } : kind.patch);
  const sizes = checkSizes(facts, typed, isStripped);
  const isForeign = isForeignConfig(kind.patch, sizes);
  const sized = openConfig(applyConfigPatch(typed, proposePatch(sizes)));
  const known = withRotaryFacts(facts, rotary, sized);
  const heads = checkAttention(known, sized, { isStripped, wasPruned: wasPruned(sizes), answered: options.answered });
  const frequency = rotary ? checkRotary(rotary, sized) : [];
  const verdicts = [...sizes, ...heads.verdicts, ...frequency, ...(output ? checkOutput(output, sized) : [])];
  const needed = checkConverterFields(sized);
  const lists = checkLayerLists(known, sized);
  const proven = { ...kind.patch, ...needed.patch, ...lists.patch, ...proposePatch(verdicts) };
  const whole = applyConfigPatch(typed, proven);
  // Another model's config.json says nothing about this one, whatever it says.
  const trusted = isForeign ? withoutShapeless(whole, options.answered) : whole;
  const shapeless = checkShapeless(known, openConfig(trusted), wasStripped || isForeign);
  const lost = [...shapeless.open, ...checkRawClass(facts, sized)];
  // Frequencies that are there answer the one question of them, also where they agree with what would be assumed.
  const asked = [...lost.filter(({ field }) => !rotary || !isRotaryBase(field)), ...checkRopeScaling(sized)];
  const settled = settleOpenFields(
    [...kind.open, ...heads.open, ...checkTiedOutput(facts, sized), ...checkRouting(facts, sized), ...asked],
    evidence,
  );
  const doubted = checkAgainstEvidence(whole, evidence, known, isStripped);
  const patch = { ...doubted.patch, ...settled.patch, ...proven };
  return {
    contradictions: verdicts.map(({ isHarmless: _harmless, ...verdict }) => verdict),
    patch,
    undetermined: [...settled.undetermined, ...doubted.undetermined],
    repairs: [],
    findings: [
      ...(isStripped ? [strippedFinding(config)] : []),
      ...kind.findings,
      ...verdicts.map(verdictFinding),
      ...needed.findings,
      ...lists.findings,
      ...settled.findings,
      ...doubted.findings,
      ...shapeless.notes,
    ],
  };
}

function checkSizes(facts: TensorFacts, typed: ConfigObject, isStripped: boolean): FieldVerdict[] {
  const config = openConfig(typed);
  return [
    ...checkConfig(facts, config, isStripped),
    ...checkPredictionLayers(facts, typed),
    ...checkLayerKinds(facts, config),
    ...checkStateSpace(facts, config),
  ];
}

/** Whether config.json is another model's: of another class, and wrong about most sizes. */
function isForeignConfig(kind: ConfigPatch, sizes: readonly FieldVerdict[]): boolean {
  return Object.hasOwn(kind, 'model_type') && sizes.filter(({ configured }) => configured !== null).length >= 2;
}

/** Whether config.json is this model's before its feed-forward part was cut down: right about all else that is a size. */
function wasPruned(sizes: readonly FieldVerdict[]): boolean {
  const wrong = sizes.filter(({ isHarmless }) => !isHarmless);
  return (
    wrong.length === 1 &&
    wrong.every(
      ({ field, configured, actual }) =>
        bareKey(field) === 'intermediate_size' && typeof configured === 'number' && configured > Number(actual),
    )
  );
}

function verdictFinding(verdict: FieldVerdict): Finding {
  return {
    code: verdictCode(verdict),
    severity: verdict.isHarmless ? 'note' : 'blocks',
    field: verdict.field,
    configured: verdict.configured,
    actual: verdict.actual,
    tensor: verdict.tensor,
    message: `${verdict.message}.`,
    remedy: verdict.isHarmless
      ? 'Converting does not depend on it; the repaired config.json says what is true.'
      : 'Accept the repaired config.json: it says what the tensors prove.',
    evidence: [`${verdict.tensor} [${verdict.shape.join(', ')}]`],
  };
}

function verdictCode({ field, configured }: FieldVerdict): Finding['code'] {
  if (bareKey(field) === 'tie_word_embeddings' && configured === null) return 'tied-embeddings';
  return configured === null ? 'config-field-missing' : 'config-contradicts-tensors';
}

function strippedFinding(config: ConfigObject): Finding {
  return {
    code: 'config-stripped',
    severity: 'blocks',
    message:
      'config.json has lost what it is there for: it does not say how large the model is. The converter would fill in the numbers of another model and report success.',
    remedy: 'Accept what the tensors prove, and take the rest from an earlier config.json or the base model.',
    evidence: [`config.json: ${JSON.stringify(config).slice(0, 200)}`],
  };
}

function missingLayersFinding(facts: TensorFacts): Finding | null {
  const missing = facts.missingLayers;
  if (missing.length === 0) return null;
  return {
    code: 'model-weights-missing',
    severity: 'blocks',
    message: `The weights have no tensor for ${missing.length} of ${facts.facts.num_hidden_layers?.value} layers (${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ', …' : ''}): a weight file is missing.`,
    remedy: 'Fetch all weight files of the checkpoint again.',
    evidence: missing.slice(0, 8).map((layer) => `no tensor of layer ${layer}`),
  };
}
