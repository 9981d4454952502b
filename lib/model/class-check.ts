import type { ConfigPatch } from '../domain/conversion-spec';
import type { Finding } from '../domain/finding';
import { architectureOfType } from './architecture-names';
import type { ConfigEvidence } from './config-evidence';
import { type ConfigObject, openConfig } from './config-reader';
import { matchSignatures, signatureOfArchitecture, signatureOfType } from './match-signatures';
import type { ModelSignature } from './model-signatures';
import type { OpenField } from './open-field';
import type { TensorFacts } from './tensor-facts';

export interface ClassCheck {
  /** `model_type` and `architectures` as the tensors' names prove them. */
  readonly patch: ConfigPatch;
  readonly findings: readonly Finding[];
  readonly open: readonly OpenField[];
}

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
  const reader = openConfig(config);
  if (reader.section !== '' || facts.family === null) return NOTHING;
  const type = typeof config['model_type'] === 'string' ? config['model_type'] : null;
  const architecture = declaredArchitecture(config);
  const matching = matchSignatures(facts).filter(({ architecture: name }) => supports(name));
  const ofType = signatureOfType(type);
  if (type !== null && (ofType === null || matching.includes(ofType) || matching.length === 0)) {
    return checkArchitecture(type, architecture, ofType, matching, facts, supports);
  }
  const ofArchitecture = signatureOfArchitecture(architecture);
  if (ofArchitecture && (matching.includes(ofArchitecture) || matching.length === 0)) {
    return decided(ofArchitecture, type, architecture, facts);
  }
  // A class that the table does not know stays as it is declared.
  if (architecture !== null && ofArchitecture === null) return NOTHING;
  const proposable = matching.filter(({ isRare }) => !isRare);
  const [only] = proposable;
  if (only && proposable.length === 1) return decided(only, type, architecture, facts);
  return byEvidence(evidence, proposable, type, architecture, facts);
}

/** The first name in `architectures`; null when there is none. */
export function declaredArchitecture(config: ConfigObject): string | null {
  const declared = config['architectures'];
  const name = Array.isArray(declared) ? declared[0] : undefined;
  return typeof name === 'string' ? name : null;
}

/** The type stands; its class may be missing or belong to another type. */
function checkArchitecture(
  type: string,
  architecture: string | null,
  ofType: ModelSignature | null,
  matching: readonly ModelSignature[],
  facts: TensorFacts,
  supports: (name: string) => boolean,
): ClassCheck {
  const own = architectureOfType(type, facts.family) ?? ofType?.architecture ?? null;
  const declared = signatureOfArchitecture(architecture);
  const isForeign = declared !== null && matching.length > 0 && !matching.includes(declared);
  if ((architecture !== null && !isForeign) || own === null || !supports(own)) return NOTHING;
  return report({ architectures: own }, facts, architecture === null ? 'has no architectures' : `says ${architecture}`, own);
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
  if (architecture === null || (declared !== null && declared !== signature)) patch['architectures'] = signature.architecture;
  const says = type === null ? 'has no model_type' : `says ${type}`;
  return report(patch, facts, says, signature.architecture);
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
  const reason =
    candidates.length === 0
      ? `The tensors are named as in no class that is known here, and config.json does not say which it is.`
      : `The tensors' names are those of ${candidates.map(({ modelType }) => modelType).join(', ')}; shapes do not tell them apart.`;
  const ask = (field: string, configured: string | null, names: string[]): OpenField => ({
    field,
    configured,
    candidates: names,
    reason,
    tensor: null,
    severity: 'blocks',
  });
  const open = [ask('model_type', type, candidates.map(({ modelType }) => modelType))];
  if (architecture === null) open.push(ask('architectures', null, candidates.map(({ architecture: name }) => name)));
  return { patch: {}, findings: [], open };
}

function report(patch: Readonly<Record<string, string>>, facts: TensorFacts, says: string, architecture: string): ClassCheck {
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
