import type { Finding } from '../domain/finding';
import type { LayerTensor } from './fact-draft';
import { byShape, groupsByName, oddOneOut } from './layer-agreement';
import { describe, type TensorInfo } from './safetensors-header';
import type { TensorFacts } from './tensor-facts';

/** Which axis of a tensor is the hidden size, in every class whose tensors are known by name. */
const HIDDEN_AXIS: readonly (readonly [RegExp, number])[] = [
  [/^self_attn\.(q|k|v|qkv)_proj\.weight$/, 1],
  [/^self_attn\.(o_proj|out_proj|dense)\.weight$/, 0],
  [/^mlp\.(gate|up|gate_up)_proj\.weight$/, 1],
  [/^mlp\.(down_proj|fc2)\.weight$/, 0],
  [/^(input|post_attention|pre_feedforward|post_feedforward)_layernorm\.weight$/, 0],
  [/^(self_attention|attention)\.dense\.weight$/, 0],
];
const MAX_SHOWN = 8;

/**
 * Tensors that cannot be of one model: a layer's tensor of another shape than the same one of the other layers, or of
 * another width than the embedding. Layers of two models, a merge that failed halfway, a shard of another upload. Only to
 * be asked of classes all of whose layers are alike.
 */
export function checkShapesAgree(facts: TensorFacts): Finding | null {
  const odd = oddTensors(facts.layers);
  if (odd.length > 0) {
    const [first] = odd;
    return disagreement(
      `${odd.length} tensor${odd.length === 1 ? ' has' : 's have'} another shape than in most layers, first ${first?.found}; elsewhere it is ${first?.usual}`,
      odd.map(({ found, usual }) => `${found}, elsewhere ${usual}`),
    );
  }
  return narrowerTensors(facts);
}

/** The same of a class whose layers may differ: a tensor that is otherwise in one layer alone. */
export function checkOddOneOut(facts: TensorFacts, modelType: string | null): Finding | null {
  const odd = oddOneOut(facts.layers, modelType).map(({ tensor }) => describe(tensor));
  if (odd.length === 0) return null;
  const what = `${odd.length === 1 ? 'a tensor of one layer has' : `${odd.length} tensors of one layer have`} another shape than in all other layers: ${odd.slice(0, 3).join(', ')}`;
  return disagreement(what, odd);
}

interface OddTensor {
  readonly found: string;
  readonly usual: string;
}

function oddTensors(layers: readonly LayerTensor[]): OddTensor[] {
  return groupsByName(layers).flatMap((group) => {
    const [most, ...others] = byShape(group);
    const [example] = most ?? [];
    if (!example || others.length === 0) return [];
    const usual = shapeOf(example.tensor);
    return group
      .filter(({ tensor }) => shapeOf(tensor) !== usual)
      .map(({ tensor }) => ({ found: describe(tensor), usual }));
  });
}

/** Layers as wide as each other, but not as the embedding, the final norm or the output layer. */
function narrowerTensors({ facts, layers }: TensorFacts): Finding | null {
  const { vocab_size: embedding, output_rows: output } = facts;
  const width = embedding?.shape[1];
  if (!embedding || width === undefined) return null;
  for (const { name, tensor } of layers) {
    const axis = HIDDEN_AXIS.find(([pattern]) => pattern.test(name))?.[1];
    const size = axis === undefined ? undefined : tensor.shape[axis];
    if (size === undefined || size === width || !isWhole(tensor)) continue;
    return disagreement(
      `${describe(tensor)} does not go with the embedding ${embedding.tensor} [${embedding.shape.join(', ')}]: one is ${size} wide, the other ${width}`,
      [describe(tensor), `${embedding.tensor} [${embedding.shape.join(', ')}]`],
    );
  }
  const columns = output?.shape[1];
  if (output && columns !== undefined && columns !== width) {
    return disagreement(
      `the output layer ${output.tensor} [${output.shape.join(', ')}] does not go with the embedding ${embedding.tensor} [${embedding.shape.join(', ')}]`,
      [`${output.tensor} [${output.shape.join(', ')}]`],
    );
  }
  return null;
}

/** Packed weights have other shapes than those they stand for. */
function isWhole({ dtype }: TensorInfo): boolean {
  return dtype === 'BF16' || dtype === 'F16' || dtype === 'F32' || dtype === 'F64';
}

function shapeOf({ shape }: TensorInfo): string {
  return `[${shape.join(', ')}]`;
}

function disagreement(what: string, evidence: readonly string[]): Finding {
  return {
    code: 'model-weights-missing',
    severity: 'blocks',
    message: `The weights are not those of one model: ${what}. No config.json fits them, and llama.cpp would not load the file.`,
    remedy: 'Fetch all weight files of the checkpoint again; if it stays, ask its author for an intact copy.',
    evidence: evidence.slice(0, MAX_SHOWN),
  };
}
