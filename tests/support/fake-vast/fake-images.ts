/** A layer as registries hold it: packed. Layers of the same digest are the same wherever they are used. */
interface FakeLayer {
  readonly digest: string;
  readonly bytes: number;
}

export interface FakeImage {
  readonly layers: readonly FakeLayer[];
  /** Whether llama.cpp and a Python for it are part of it. */
  readonly hasLlamaCpp: boolean;
}

const MB = 1_000_000;
const layer = (digest: string, megabytes: number): FakeLayer => ({ digest, bytes: megabytes * MB });
const NOBLE = layer('ubuntu-24.04', 30);
const JAMMY = layer('ubuntu-22.04', 30);

/** What the registries have; how its layers are cut is made up, their sums are those that the product goes by. */
const IMAGES: Readonly<Record<string, FakeImage>> = {
  'ubuntu:24.04': { layers: [NOBLE], hasLlamaCpp: false },
  'nvidia/cuda:12.8.1-base-ubuntu24.04': { layers: [NOBLE, layer('cuda-12.8.1-noble', 80)], hasLlamaCpp: false },
  'ghcr.io/ggml-org/llama.cpp:full-v0.5.0': {
    layers: [
      NOBLE,
      layer('llama-curl', 20),
      layer('llama-libraries', 70),
      layer('llama-full', 150),
      layer('llama-python', 950),
    ],
    hasLlamaCpp: true,
  },
  // The service picks the tag by the driver.
  'vastai/base-image:@vastai-automatic-tag': {
    layers: [
      JAMMY,
      layer('cuda-12.8.1-jammy', 80),
      layer('cuda-12.8.1-devel', 3000),
      layer('cudnn-devel', 1490),
      layer('vast-tools', 1600),
    ],
    hasLlamaCpp: false,
  },
};

/** Null for what no registry has. */
export function findFakeImage(reference: string): FakeImage | null {
  return Object.hasOwn(IMAGES, reference) ? (IMAGES[reference] ?? null) : null;
}

/** The layers that each machine of the market holds: what it has loaded once it does not load again. */
export class FakeLayerStore {
  readonly #digests = new Map<number, Set<string>>();

  /** In packed form. */
  missingBytes(machineId: number, { layers }: FakeImage): number {
    const held = this.#digests.get(machineId);
    return layers.reduce((sum, { digest, bytes }) => sum + (held?.has(digest) ? 0 : bytes), 0);
  }

  /** @param most how many layers, from the lowest on */
  keep(machineId: number, { layers }: FakeImage, most = layers.length): void {
    const held = this.#digests.get(machineId) ?? new Set();
    for (const { digest } of layers.slice(0, most)) held.add(digest);
    this.#digests.set(machineId, held);
  }
}
