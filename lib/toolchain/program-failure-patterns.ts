import { type FailurePattern, MORE_MEMORY, type Tool } from './failure-pattern';

const ALL: readonly Tool[] = ['convert', 'quantize', 'bench', 'completion'];
const PREPARE_AGAIN = 'Prepare the host again: script, library, packages and programs come from one version.';

/** What is wrong with the programs themselves, or with what the host or the hub gives them. On a line the first wins. */
export const PROGRAM_FAILURE_PATTERNS: readonly FailurePattern[] = [
  {
    pattern: 'script-newer-than-gguf',
    tools: ['convert'],
    code: 'toolchain-not-usable',
    line: /AttributeError: (?:type object 'MODEL_ARCH' has no attribute ')?'?([A-Z][A-Z0-9_]+)'?$/,
    cause: ([name]) => `The converter script is newer than the gguf package it loads (${name} is unknown to it).`,
    remedy: 'Prepare the toolchain again: script and gguf-py must be of one commit, and NO_LOCAL_GGUF must not be set.',
  },
  {
    pattern: 'python-package-missing',
    tools: ['convert'],
    code: 'toolchain-not-usable',
    line: /ModuleNotFoundError: No module named '([\w.]+)'/,
    cause: ([name]) =>
      `The converter's Python has no ${name}: its packages are incomplete, or the script stands alone.`,
    remedy: PREPARE_AGAIN,
  },
  {
    pattern: 'mistral-package-missing',
    tools: ['convert'],
    code: 'toolchain-not-usable',
    line: /Mistral format requires `?mistral-common/,
    cause: () => 'The checkpoint is in the format of Mistral itself, for which the converter needs a package more.',
    remedy: 'Choose the repository in the usual format, with tokenizer.json and model*.safetensors.',
  },
  {
    pattern: 'script-too-old',
    tools: ['convert'],
    code: 'toolchain-not-usable',
    line: /TypeError: Got unsupported ScalarType (\w+)/,
    cause: ([type]) => `The converter is too old for weights in ${type}.`,
    remedy: PREPARE_AGAIN,
  },
  {
    pattern: 'glibc-too-old',
    tools: ALL,
    code: 'toolchain-not-usable',
    line: /version `(GLIBC(?:XX)?_[\d.]+)' not found/,
    cause: ([version]) => `The programs were built for a newer system than this host: it lacks ${version}.`,
    remedy: 'Use a host with a newer Linux, or let the toolchain be built from source there.',
  },
  {
    pattern: 'gated',
    tools: ['convert'],
    code: 'model-gated',
    line: /GatedRepoError: 403|403 Client Error.*Cannot access gated repo|not in the authorized list/,
    cause: () => 'The hub refuses a file: the account of the token has not been given access to this model.',
    remedy: "Accept the terms on the model's page with that account, then retry.",
  },
  {
    pattern: 'unauthorized',
    tools: ['convert'],
    code: 'hub-unauthorized',
    line: /GatedRepoError: 401|401 Client Error/,
    cause: () => 'The hub refuses a file: there is no token, or it is not valid.',
    remedy: 'Put a Hugging Face token with access to this model into the settings, then retry.',
  },
  {
    pattern: 'rate-limited',
    tools: ['convert'],
    code: 'hub-rate-limited',
    line: /429 Client Error|429 Too Many Requests/,
    cause: () => 'The hub limits the number of requests and has had enough for now.',
    remedy: 'Wait a few minutes, then retry. With a Hugging Face token in the settings the limit is higher.',
  },
  {
    pattern: 'disk-full',
    tools: ALL,
    code: 'disk-full',
    line: /No space left on device/,
    cause: () => 'The disk of the host is full.',
    remedy: 'Free space on the host or use a larger disk, then retry.',
  },
  {
    pattern: 'allocation-failed',
    tools: ALL,
    code: 'out-of-memory',
    line: /(_ArrayMemoryError: Unable to allocate .*|^MemoryError\b.*|DefaultCPUAllocator: (?:can't|not enough).*|std::bad_alloc|failed to allocate .*buffer.*|Cannot allocate memory)/,
    cause: ([words]) => `The host's memory ran out: ${words}.`,
    remedy: MORE_MEMORY,
  },
  {
    pattern: 'killed',
    tools: ALL,
    code: 'out-of-memory',
    line: /^(?:\S*: line \d+: +\d+ )?Killed\b/,
    cause: () =>
      'The kernel killed the program, almost always because the memory of the host (or its container) ran out.',
    remedy: MORE_MEMORY,
  },
];
