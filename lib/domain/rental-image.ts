export const RENTAL_IMAGE_NAMES = ['llama-cpp-full', 'ubuntu', 'cuda-base', 'vast-base'] as const;
export type RentalImageName = (typeof RENTAL_IMAGE_NAMES)[number];

/** What is known of an image that a machine can be rented with. Sizes that nobody published are said to be assumed. */
export interface RentalImage {
  readonly reference: string;
  /** All its layers, packed, as they come over the wire. */
  readonly wireBytes: number;
  /** 0..1: how much of it a machine is taken to hold already. No service tells what a machine holds. */
  readonly keptShare: number;
  readonly unpackedBytes: number;
  readonly hasPython: boolean;
  readonly hasCurl: boolean;
  /** Of its system: what decides whether ready-made programs run in it. */
  readonly glibc: number;
  /** Converter, programs and Python environment of our pinned llama.cpp. The toolchain step proves them, and rejects others. */
  readonly hasToolchain: boolean;
}

const UBUNTU_BYTES = 30_000_000;

export const RENTAL_IMAGES: Readonly<Record<RentalImageName, RentalImage>> = {
  /**
   * llama.cpp's own, of the pinned release: Ubuntu 24.04 with curl, git, python3, everything of its build in /app and its
   * requirements.txt installed for the system's Python (`.devops/cpu.Dockerfile`). 1.22 GB is said of it in llama.cpp's pull
   * request 5157, for an older release; what it unpacks to is assumed. That the release has a tag of its own is by its
   * workflow, and not seen: a machine that does not find it is followed by one with another image.
   */
  'llama-cpp-full': {
    reference: 'ghcr.io/ggml-org/llama.cpp:full-v0.5.0',
    wireBytes: 1_220_000_000,
    keptShare: 0,
    unpackedBytes: 3_500_000_000,
    hasPython: true,
    hasCurl: true,
    glibc: 2.39,
    hasToolchain: true,
  },
  /** One layer of 30 MB (as manifests of images built on it show), with neither Python, curl nor certificates in it. */
  ubuntu: {
    reference: 'ubuntu:24.04',
    wireBytes: UBUNTU_BYTES,
    keptShare: 0,
    unpackedBytes: 80_000_000,
    hasPython: false,
    hasCurl: false,
    glibc: 2.39,
    hasToolchain: false,
  },
  /** The same with CUDA's runtime, which nothing of ours uses: quantizing is arithmetic of the CPU. Its size is assumed. */
  'cuda-base': {
    reference: 'nvidia/cuda:12.8.1-base-ubuntu24.04',
    wireBytes: UBUNTU_BYTES + 80_000_000,
    keptShare: 0,
    unpackedBytes: 250_000_000,
    hasPython: false,
    hasCurl: false,
    glibc: 2.39,
    hasToolchain: false,
  },
  /**
   * vast.ai's own; its server picks the tag by the machine's driver, so it is the one with all of CUDA and cuDNN for
   * building, plus a desktop's worth of tools. Python, curl, git and a compiler are in its Dockerfile. Its README says that
   * hosts often hold the lower layers; how often, and the sizes, are assumed (an image of others on the same CUDA layers
   * has 9.55 GB unpacked, by its own report).
   */
  'vast-base': {
    reference: 'vastai/base-image:@vastai-automatic-tag',
    wireBytes: 6_200_000_000,
    keptShare: 0.8,
    unpackedBytes: 14_000_000_000,
    hasPython: true,
    hasCurl: true,
    glibc: 2.35,
    hasToolchain: false,
  },
};

/** Of an estimate that was written down: before images were chosen there was one. */
export function imageOf({ image = 'vast-base' }: { readonly image?: RentalImageName | undefined }): RentalImageName {
  return image;
}
