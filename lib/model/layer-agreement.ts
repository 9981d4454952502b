import type { LayerTensor } from './fact-draft';

/** Layers of these differ on purpose: some lack a part, or have it in another size. */
const UNEVEN_TYPES: ReadonlySet<string> = new Set([
  'deci',
  'nemotron-nas',
  'openelm',
  'gemma3n',
  'gemma3n_text',
  'eagle3',
]);
const FEWEST_LAYERS = 3;
/** A norm of the layer itself, not of a part that only some layers have. */
const LAYER_NORM = /^(?:norm_attn_norm\.)?[a-z0-9_]*(?:norm|ln)[a-z0-9_]*\.(?:weight|bias)$/;

/**
 * Tensors that one layer lacks and its fellows have, for classes whose tensors are not known by name: a norm that every
 * other layer has, or anything where the layer has nothing that the others lack, so that nothing stands in for it.
 */
export function missingInOneLayer(layers: readonly LayerTensor[], modelType: string | null): string[] {
  const names = namesByLayer(layers);
  if (names.size < FEWEST_LAYERS || UNEVEN_TYPES.has(modelType ?? '')) return [];
  const missing: string[] = [];
  for (const [layer, own] of names) {
    const others = [...names].filter(([other]) => other !== layer).map(([, set]) => set);
    const common = [...(others[0] ?? [])].filter((name) => others.every((set) => set.has(name)) && !own.has(name));
    const standsIn = [...own].some((name) => !others.some((set) => set.has(name)));
    const isCut = !standsIn && others.some((set) => isWithin(own, set) && set.size > own.size);
    missing.push(...common.filter((name) => isCut || LAYER_NORM.test(name)).map((name) => `${name} of layer ${layer}`));
  }
  return missing;
}

function isWithin(small: ReadonlySet<string>, large: ReadonlySet<string>): boolean {
  return [...small].every((name) => large.has(name));
}

/** A tensor's name in exactly one layer of another shape than in all others, for classes that are not known by name. */
export function oddOneOut(layers: readonly LayerTensor[], modelType: string | null): LayerTensor[] {
  if (UNEVEN_TYPES.has(modelType ?? '')) return [];
  const groups = new Map<string, LayerTensor[]>();
  for (const entry of layers) {
    const group = groups.get(entry.name) ?? [];
    if (group.length === 0) groups.set(entry.name, group);
    group.push(entry);
  }
  return [...groups.values()].flatMap((group) => {
    const [most, ...rest] = byShape(group);
    const [odd] = rest;
    const isOne = rest.length === 1 && odd?.length === 1 && (most?.length ?? 0) >= FEWEST_LAYERS - 1;
    return isOne && odd ? odd : [];
  });
}

/** The same tensor of several layers, those of one shape together, the most frequent shape first. */
function byShape(group: readonly LayerTensor[]): LayerTensor[][] {
  const shapes = new Map<string, LayerTensor[]>();
  for (const entry of group) {
    const shape = entry.tensor.shape.join();
    shapes.set(shape, [...(shapes.get(shape) ?? []), entry]);
  }
  return [...shapes.values()].sort((a, b) => b.length - a.length);
}

function namesByLayer(layers: readonly LayerTensor[]): Map<number, Set<string>> {
  const names = new Map<number, Set<string>>();
  for (const { layer, name } of layers) {
    const own = names.get(layer) ?? new Set<string>();
    if (own.size === 0) names.set(layer, own);
    own.add(name);
  }
  return names;
}
