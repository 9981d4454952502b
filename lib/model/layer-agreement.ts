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
/** Whether the layers of this type may lack what others have. */
export function isUneven(modelType: string | null): boolean {
  return UNEVEN_TYPES.has(modelType ?? '');
}

const FEWEST_LAYERS = 3;
/** A norm of the layer itself, not of a part that only some layers have. */
const LAYER_NORM = /^(?:norm_attn_norm\.)?[a-z0-9_]*(?:norm|ln)[a-z0-9_]*\.(?:weight|bias)$/;

/**
 * Tensors that one layer lacks and its fellows have, for classes whose tensors are not known by name: a norm that every
 * other layer has, or anything where the layer has nothing that the others lack, so that nothing stands in for it.
 */
export function missingInOneLayer(layers: readonly LayerTensor[], modelType: string | null): string[] {
  const names = namesByLayer(layers);
  if (names.size < FEWEST_LAYERS || isUneven(modelType)) return [];
  const owners = ownersOf(names);
  const inAllButOne = [...owners].filter(([, count]) => count === names.size - 1).map(([name]) => name);
  // Hostile headers have 100,000 layers: what compares layers with each other is asked only where a name is missing.
  const lacking =
    inAllButOne.length === 0 ? [] : [...names].filter(([, own]) => !inAllButOne.every((name) => own.has(name)));
  return lacking.flatMap(([layer, own]) => {
    const standsIn = [...own].some((name) => owners.get(name) === 1);
    const isCut = !standsIn && [...names.values()].some((set) => set.size > own.size && isWithin(own, set));
    return inAllButOne
      .filter((name) => !own.has(name) && (isCut || LAYER_NORM.test(name)))
      .map((name) => `${name} of layer ${layer}`);
  });
}

/** How many layers have each name. */
function ownersOf(names: ReadonlyMap<number, ReadonlySet<string>>): Map<string, number> {
  const owners = new Map<string, number>();
  for (const own of names.values()) for (const name of own) owners.set(name, (owners.get(name) ?? 0) + 1);
  return owners;
}

/** Whether one set of names has all that another has. */
export function isWithin(small: ReadonlySet<string>, large: ReadonlySet<string>): boolean {
  return [...small].every((name) => large.has(name));
}

/** A tensor's name in exactly one layer of another shape than in all others, for classes that are not known by name. */
export function oddOneOut(layers: readonly LayerTensor[], modelType: string | null): LayerTensor[] {
  if (isUneven(modelType)) return [];
  return groupsByName(layers).flatMap((group) => {
    const [most, ...rest] = byShape(group);
    const [odd] = rest;
    const isOne = rest.length === 1 && odd?.length === 1 && (most?.length ?? 0) >= FEWEST_LAYERS - 1;
    return isOne && odd ? odd : [];
  });
}

/** The same tensor of all layers, for each name. */
export function groupsByName(layers: readonly LayerTensor[]): LayerTensor[][] {
  return groupsBy(layers, ({ name }) => [name]);
}

/** The same tensor of several layers, those of one shape together, the most frequent shape first. */
export function byShape(group: readonly LayerTensor[]): LayerTensor[][] {
  return groupsBy(group, ({ tensor }) => [tensor.shape.join()]).sort((a, b) => b.length - a.length);
}

/** Tensors of layers that have a key in common, for each key. */
export function groupsBy(
  layers: readonly LayerTensor[],
  keysOf: (entry: LayerTensor) => readonly string[],
): LayerTensor[][] {
  const groups = new Map<string, LayerTensor[]>();
  for (const entry of layers) {
    for (const key of keysOf(entry)) {
      const group = groups.get(key) ?? [];
      if (group.length === 0) groups.set(key, group);
      group.push(entry);
    }
  }
  return [...groups.values()];
}

/** What each layer is made of. */
export function namesByLayer(layers: readonly LayerTensor[]): Map<number, Set<string>> {
  const names = new Map<number, Set<string>>();
  for (const { layer, name } of layers) {
    const own = names.get(layer) ?? new Set<string>();
    if (own.size === 0) names.set(layer, own);
    own.add(name);
  }
  return names;
}
