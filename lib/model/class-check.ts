import type { Finding } from '../domain/finding';
import type { ClassCheck } from './class-check-result';
import { typeOfArchitecture } from './class-defaults';
import { classByFields, classOfFields, markedClass, typeOfOwnFields } from './class-fields';
import { checkClassSpelling, classNamedAfter, converterClass } from './class-spelling';
import type { ConfigEvidence } from './config-evidence';
import { applyConfigPatch } from './config-patch';
import { authorsMamba, type ConfigObject, declaredArchitecture, openConfig } from './config-reader';
import { matchSignatures, signatureOfArchitecture, signatureOfType } from './match-signatures';
import type { ModelSignature } from './model-signatures';
import type { OpenField } from './open-field';
import type { TensorFacts } from './tensor-facts';
import { checkWholeClass } from './whole-class-check';

const NOTHING: ClassCheck = { patch: {}, findings: [], open: [] };

/**
 * Whether config.json names the class that these tensors belong to. A wrong one converts too: the wrong permutation,
 * norm or defaults are applied without a word.
 */
export function checkClass(
  config: ConfigObject,
  facts: TensorFacts,
  evidence: readonly ConfigEvidence[],
  supports: (name: string) => boolean,
): ClassCheck {
  const matching = matchSignatures(facts).filter(({ architecture: name }) => supports(name));
  const names = { ...checkClassSpelling(config, matching, supports), open: [] };
  if (openConfig(config).section !== '') return checkWholeClass(config) ?? names;
  if (facts.family === null) return names;
  const spelled = applyConfigPatch(config, names.patch);
  const kind = checkKind(spelled, facts, matching, evidence, supports);
  return {
    patch: { ...names.patch, ...kind.patch },
    findings: [...names.findings, ...kind.findings],
    open: kind.open,
  };
}

function checkKind(
  config: ConfigObject,
  facts: TensorFacts,
  matching: readonly ModelSignature[],
  evidence: readonly ConfigEvidence[],
  supports: (name: string) => boolean,
): ClassCheck {
  const type = typeof config['model_type'] === 'string' ? config['model_type'] : null;
  const architecture = declaredArchitecture(config);
  if (type === null && architecture !== null && architecture === authorsMamba(config)) return NOTHING;
  const ofType = signatureOfType(type);
  // Qwen2's names under Llama with attention_bias is how the former is published for programs that know the latter only.
  const isLlamafied = type === 'llama' && config['attention_bias'] === true && hasType(matching, 'qwen2');
  if (type !== null && (ofType === null || isLlamafied || matching.length === 0 || hasType(matching, type))) {
    return checkArchitecture(config, type, matching, facts, supports);
  }
  const ofArchitecture = signatureOfArchitecture(architecture);
  if (ofArchitecture && (hasType(matching, ofArchitecture.modelType) || matching.length === 0)) {
    return decided(ofArchitecture, type, architecture, facts);
  }
  if (architecture !== null && ofArchitecture === null) return typeOfUnknownNames(type, architecture, facts);
  const proposable = matching.filter(({ isRare }) => !isRare);
  if (proposable.length === 0) return byUnknownClass(evidence, facts, type, architecture);
  const only = proposable.length === 1 ? proposable[0] : classOfFields(config, proposable);
  if (only) return decided(only, type, architecture, facts);
  return byEvidence(evidence, proposable, type, architecture, facts);
}

function hasType(matching: readonly ModelSignature[], type: string): boolean {
  return matching.some(({ modelType }) => modelType === type);
}

/** The type stands; its class may be missing or belong to another type, or the fields may be those of a third. */
function checkArchitecture(
  config: ConfigObject,
  type: string,
  matching: readonly ModelSignature[],
  facts: TensorFacts,
  supports: (name: string) => boolean,
): ClassCheck {
  const architecture = declaredArchitecture(config);
  const own = converterClass(type, supports);
  if (own === null) {
    const named = architecture === null ? classNamedAfter(type, supports) : null;
    return named === null ? NOTHING : report({ architectures: named }, facts, 'has no architectures', named);
  }
  if (architecture === null) return report({ architectures: own }, facts, 'has no architectures', own);
  const whole = wholeOfBackbone(architecture, facts);
  if (whole !== null && supports(whole)) return report({ architectures: whole }, facts, `says ${architecture}`, whole);
  const declared = signatureOfArchitecture(architecture);
  if (architecture === own || isSameClass(own, architecture)) {
    const marked = hasType(matching, type) ? markedClass(config, type, matching) : null;
    return marked ? { ...classByFields(marked, type, own), open: [] } : NOTHING;
  }
  // Another head of the class, or one that the table does not know, is the author's to say.
  if (declared === null) return NOTHING;
  const isForeign = matching.length > 0 && !matching.includes(declared);
  if (isForeign) return report({ architectures: own }, facts, `says ${architecture}`, own);
  const isDeclared = typeOfOwnFields(config, type, declared.modelType) === declared.modelType;
  const right = isDeclared ? declared : { modelType: type, architecture: own };
  return { ...classByFields(right, type, architecture), open: [] };
}

/**
 * The class with an output layer, for a backbone's whose tensors are saved as that class saves them: the converter puts `model.`
 * before every name of a LlamaModel or Qwen2Model, and maps none that has it already.
 */
function wholeOfBackbone(architecture: string, { layers }: TensorFacts): string | null {
  const isWhole = layers[0]?.tensor.name.startsWith('model.') === true;
  return isWhole && (architecture === 'LlamaModel' || architecture === 'Qwen2Model')
    ? architecture.replace(/Model$/, 'ForCausalLM')
    : null;
}

/** Llama and Mistral are one class to the converter, and merges mix their names. */
function isSameClass(own: string, declared: string | null): boolean {
  const same = ['LlamaForCausalLM', 'MistralForCausalLM'];
  return declared !== null && same.includes(own) && same.includes(declared);
}

function decided(
  signature: ModelSignature,
  type: string | null,
  architecture: string | null,
  facts: TensorFacts,
): ClassCheck {
  const patch: Record<string, string> = {};
  if (type !== signature.modelType) patch['model_type'] = signature.modelType;
  // Another head of the same class (a reward model, an encoder) keeps its name.
  const declared = signatureOfArchitecture(architecture);
  if (architecture === null || (declared !== null && declared !== signature))
    patch['architectures'] = signature.architecture;
  const says = type === null ? 'has no model_type' : `says ${type}`;
  return report(patch, facts, says, signature.architecture);
}

/** A class whose tensors' names are not in the table stays as it is declared; transformers has one type for it. */
function typeOfUnknownNames(type: string | null, architecture: string, facts: TensorFacts): ClassCheck {
  const own = typeOfArchitecture(architecture);
  if (type !== null || own === null) return NOTHING;
  return report({ model_type: own }, facts, 'has no model_type', architecture);
}

/** A class that the table does not know: only another config.json can name it. */
function byUnknownClass(
  evidence: readonly ConfigEvidence[],
  facts: TensorFacts,
  type: string | null,
  architecture: string | null,
): ClassCheck {
  const [best] = evidence;
  const modelType = best?.config['model_type'];
  const named = best ? declaredArchitecture(best.config) : null;
  if (type !== null || architecture !== null || typeof modelType !== 'string' || named === null) return NOTHING;
  return report({ model_type: modelType, architectures: named }, facts, 'has no model_type', named);
}

function byEvidence(
  evidence: readonly ConfigEvidence[],
  candidates: readonly ModelSignature[],
  type: string | null,
  architecture: string | null,
  facts: TensorFacts,
): ClassCheck {
  for (const { config } of evidence) {
    const named = candidates.find(({ modelType }) => modelType === config['model_type']);
    if (named) return decided(named, type, architecture, facts);
  }
  const reason = `The tensors' names are those of ${candidates.map(({ modelType }) => modelType).join(', ')}; shapes do not tell them apart.`;
  const ask = (field: string, configured: string | null, names: string[]): OpenField => ({
    field,
    configured,
    candidates: names,
    reason,
    tensor: null,
    severity: 'blocks',
  });
  const open = [
    ask(
      'model_type',
      type,
      candidates.map(({ modelType }) => modelType),
    ),
  ];
  if (architecture === null)
    open.push(
      ask(
        'architectures',
        null,
        candidates.map(({ architecture: name }) => name),
      ),
    );
  return { patch: {}, findings: [], open };
}

function report(
  patch: Readonly<Record<string, string>>,
  facts: TensorFacts,
  says: string,
  architecture: string,
): ClassCheck {
  const examples = [...facts.layerNames].sort().slice(0, 6);
  const findings = Object.entries(patch).map(
    ([field, actual]): Finding => ({
      code: 'config-contradicts-tensors',
      severity: 'blocks',
      field,
      configured: says.startsWith('says ') ? says.slice('says '.length) : null,
      actual,
      message: `config.json ${says}; the tensors' names say ${architecture} (${field}: ${String(actual)}).`,
      remedy: 'Accept the repaired config.json: the converter treats each class of model in its own way.',
      evidence: examples.map((name) => `layer tensor ${name}`),
    }),
  );
  return { patch, findings, open: [] };
}
