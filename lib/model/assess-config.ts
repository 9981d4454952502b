import type { ConfigPatch } from '../domain/conversion-spec';
import type { FieldContradiction, Finding } from '../domain/finding';
import type { CheckpointFiles } from './checkpoint-files';
import { checkConfig, proposeConfigPatch } from './config-check';
import type { ConfigObject } from './config-reader';
import { checkDeclarations, findDuplicatedTensors, inferArchitecture } from './declaration-check';
import { checkQuantization } from './quantization-config-check';
import type { SafetensorsHeader } from './safetensors-header';
import type { TensorFacts } from './tensor-facts';
import { compareIndex, staleIndex, type WeightIndex } from './weight-index';

/** A checkpoint's weights, read whole. */
export interface Weights {
  readonly files: CheckpointFiles;
  readonly index: WeightIndex | null;
  readonly headers: readonly SafetensorsHeader[];
  readonly facts: TensorFacts;
}

export interface Assessment {
  readonly contradictions: readonly FieldContradiction[];
  readonly findings: readonly Finding[];
  readonly proposedPatch: ConfigPatch | null;
}

/** All that is wrong with a config.json beside these weights, what no patch can help first. */
export function assessConfig(
  config: ConfigObject,
  weights: Weights,
  supportsArchitecture: (name: string) => boolean,
): Assessment {
  const { files, index, headers, facts } = weights;
  const { contradictions, findings } = checkConfig(facts, config);
  const architecture = inferArchitecture(config, facts, supportsArchitecture);
  const declarations = checkDeclarations(config, files, facts, supportsArchitecture);
  const patch = {
    ...proposeConfigPatch(contradictions),
    ...(architecture === null ? {} : { architectures: architecture }),
  };
  const all = [
    checkQuantization(
      config,
      headers.flatMap((header) => header.tensors),
    ),
    index ? (staleIndex(index, files) ?? compareIndex(index, headers)) : findDuplicatedTensors(headers),
    missingLayersFinding(facts),
    ...declarations,
    ...findings,
    contradictionFinding(contradictions, architecture),
  ];
  return {
    contradictions,
    findings: all.filter((finding) => finding !== null),
    proposedPatch: Object.keys(patch).length === 0 ? null : patch,
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

function contradictionFinding(
  contradictions: readonly FieldContradiction[],
  architecture: string | null,
): Finding | null {
  const sentences = contradictions.map((entry) => entry.message);
  if (architecture !== null)
    sentences.push(`config.json has no architectures; its model_type and the tensors' names say ${architecture}`);
  if (sentences.length === 0) return null;
  return {
    code: 'model-config-contradicts-tensors',
    severity: 'blocks',
    message: `config.json contradicts the weights in ${sentences.length} field${sentences.length === 1 ? '' : 's'}. ${sentences.join('; ')}.`,
    remedy: 'Accept the repaired config.json: it changes only these fields, to what the tensors prove.',
    evidence: sentences,
  };
}
