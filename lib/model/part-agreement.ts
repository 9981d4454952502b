import type { LayerTensor } from './fact-draft';
import { groupsBy, isUneven, isWithin, namesByLayer } from './layer-agreement';

/** Feed-forward parts and norms, by the module right below the layer: a layer has all of one, or nothing of it. */
const WHOLE_PART = /(mlp|moe|feed_?forward|ffn|expert|norm|^ln_)/i;
/** What quantizing puts beside a weight, in the layers that it was done to. */
const OF_QUANTIZING = /(scale|zero|absmax|quant|g_idx|shape|inv_freq)/i;
/** Hostile headers have 100,000 layers that are all different; in models there are three kinds or so. */
const MOST_KINDS = 12;
/** A name has five modules or so below its layer; each of a hostile one's 100,000 would be a part. */
const MOST_MODULES = 16;
const EXPERTS = /(^|\.)experts(\.|$)|^block_sparse_moe\.(input|output)_linear\./;
const ROUTER = /(^|[._])(gate|wg|gate_inp)(\.|$)|router/;

/**
 * Tensors that a layer lacks of a part that it has, while other layers have the part whole: one of a layer's shared experts,
 * the router beside its experts, the correction of the router's scores, the bias of a norm or projection. For every class:
 * attention may have other parts in other layers, the feed-forward part and the parameters of one module do not.
 */
export function missingInParts(layers: readonly LayerTensor[], modelType: string | null): string[] {
  if (isUneven(modelType)) return [];
  // The hundreds of experts in a layer have one name.
  const named = groupsBy(layers, ({ layer, name }) => [`${layer} ${name}`]).flatMap((same) => same.slice(0, 1));
  const weights = named.filter(({ name }) => !OF_QUANTIZING.test(name));
  const missing = groupsBy(weights, ({ name }) => partsWith(name)).flatMap((part) => lacking(namesByLayer(part)));
  return [...new Set(missing.flatMap(([layer, names]) => names.map((name) => `${name} of layer ${layer}`)))];
}

/** Layers with experts and nothing that chooses among them: llama.cpp loads no such file. */
export function missingRouters(layers: readonly LayerTensor[]): string[] {
  const without = [...namesByLayer(layers)].filter(([, names]) => {
    const own = [...names];
    const hasRouter = own.some((name) => ROUTER.test(name) && !EXPERTS.test(name));
    return !hasRouter && own.some((name) => EXPERTS.test(name));
  });
  return without.map(([layer]) => `the router of the experts of layer ${layer}`);
}

/** `mlp.gate.weight` is of the module `mlp.gate`, and of the feed-forward part `mlp`. */
function partsWith(name: string): string[] {
  const modules = name.split('.').slice(0, -1);
  const [first = ''] = modules;
  const isPart = WHOLE_PART.test(first);
  const parts = modules.slice(0, MOST_MODULES);
  const all = isPart ? parts.map((_, at) => parts.slice(0, at + 1).join('.')) : [modules.join('.')];
  return all.filter((part) => part !== '');
}

/** Layers whose names are fewer than those of more others, or of any if it is one alone, all of them among those. */
function lacking(byLayer: ReadonlyMap<number, ReadonlySet<string>>): [layer: number, missing: string[]][] {
  const kinds = new Map<string, { readonly names: ReadonlySet<string>; readonly layers: number[] }>();
  for (const [layer, names] of byLayer) {
    const key = [...names].sort().join();
    const kind = kinds.get(key) ?? { names, layers: [] };
    if (kind.layers.length === 0) kinds.set(key, kind);
    if (kinds.size > MOST_KINDS) return [];
    kind.layers.push(layer);
  }
  const all = [...kinds.values()];
  return all.flatMap((part) => {
    const whole = all.find(
      ({ names, layers }) =>
        names.size > part.names.size &&
        (part.layers.length === 1 || layers.length > part.layers.length) &&
        isWithin(part.names, names),
    );
    const missing = [...(whole?.names ?? [])].filter((name) => !part.names.has(name));
    return part.layers.map((layer): [number, string[]] => [layer, missing]);
  });
}
