/**
 * The one llama.cpp that everything here speaks of. Converter, gguf-py and binaries must be of one commit, so they are
 * pinned together. `host/prepare-toolchain.sh` carries the same values as its defaults (it also runs on its own); a
 * test compares the two.
 */
export const TOOLCHAIN_PIN = {
  version: 'v0.5.0',
  /** What the pinned binaries print. The npm bundle itself is a squashed copy with an id of its own (de3ff815). */
  commit: '0ad4a86',
  npm: {
    /** Carries the whole source as a git bundle. */
    sourcePackage: 'node-llama-cpp',
    /** Carries libllama, libggml and libllama-common ready-made; `${platform}` is linux-x64 or linux-arm64. */
    prebuiltPackagePrefix: '@node-llama-cpp/',
    version: '3.22.1',
    sha256: {
      source: 'a0d9dd80eacd2ab1cfe71aee57ac8a806487fd70b3d2a38fbec637752d9e5c5f',
      x64: '0d953e1503d5ab4608d8ed5b739132308c81ac05ffeb760d2a7f30e08a9f90e0',
      arm64: '39c76b998e35ed2f236c01472fc79eda0fc558b1c8b535023c2d7ded8c327cc4',
    },
  },
  releaseBase: 'https://github.com/ggml-org/llama.cpp/releases/download',
  sourceBase: 'https://github.com/ggml-org/llama.cpp/archive',
  npmRegistry: 'https://registry.npmjs.org',
  torchCpuIndex: 'https://download.pytorch.org/whl/cpu',
  /** MiB that must be free before anything is fetched: 1.2 GB environment, wheels, archives, room to build. */
  neededDiskMib: 3072,
} as const;
