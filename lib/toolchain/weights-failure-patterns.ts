import type { FailurePattern } from './failure-pattern';

const DOWNLOAD_AGAIN = 'Download the file again; its size must be the one the hub names.';

/** What convert_hf_to_gguf.py says of weight files, read or written. On the same line the first wins. */
export const WEIGHTS_FAILURE_PATTERNS: readonly FailurePattern[] = [
  {
    pattern: 'shard-missing',
    tools: ['convert'],
    code: 'model-weights-missing',
    line: /(?:FileNotFoundError: .*'([^']*\.safetensors)'|Missing or incomplete model files: (.*))/,
    cause: ([one, many]) => `A weight file is missing: ${one ?? many}.`,
    remedy: 'Download that file; the index names all that belong together.',
  },
  {
    pattern: 'index-disagrees',
    tools: ['convert'],
    code: 'model-index-disagrees',
    line: /Mismatch between weight map and model parts for tensor names/,
    also: /^(?:Missing|Extra) tensors: /,
    cause: () =>
      'model.safetensors.index.json does not describe the weight files beside it (often left over from an ' +
      'upload that was sharded anew).',
    remedy: 'Generate the index again from the files, or download the whole repository at one revision.',
  },
  {
    pattern: 'lfs-pointer',
    tools: ['convert'],
    code: 'model-lfs-pointer',
    line: /Could not read complete metadata\. Need 2336927755350992254 bytes, got (\d+)/,
    cause: ([size]) => `A weight file is a git-lfs pointer of ${size} bytes and not the weights.`,
    remedy: 'Download the real file (hf download, or git lfs pull).',
  },
  {
    // What other readers of safetensors call the same two faults.
    pattern: 'header-too-large',
    tools: ['convert'],
    code: 'model-lfs-pointer',
    line: /HeaderTooLarge/,
    cause: () => 'A weight file does not begin like one: it is a git-lfs pointer, a few lines of text in its place.',
    remedy: 'Download the real file (hf download, or git lfs pull).',
  },
  {
    pattern: 'tensor-twice',
    tools: ['convert'],
    code: 'model-index-disagrees',
    line: /Duplicated tensor name '([^']*)'/,
    cause: ([tensor]) =>
      `${tensor} is in two of the weight files: one set of weights lies there twice, in two formats.`,
    remedy: 'Leave the consolidated files out: model*.safetensors hold the same weights.',
  },
  {
    pattern: 'header-damaged',
    tools: ['convert'],
    code: 'model-header-invalid',
    line: /Could not read complete metadata\. Need (\d+) bytes, got (\d+)/,
    cause: ([need, got]) =>
      `A weight file's header is said to be ${need} bytes long, the file has ${got}: it is damaged or cut short.`,
    remedy: DOWNLOAD_AGAIN,
  },
  {
    pattern: 'shard-truncated',
    tools: ['convert'],
    code: 'model-file-truncated',
    line: /mmap length is greater than file size|MetadataIncompleteBuffer|incomplete metadata, file not fully covered/,
    cause: () => 'A weight file is shorter than its header says: its download was cut.',
    remedy: DOWNLOAD_AGAIN,
  },
  {
    // numpy reserves the room of a tensor before writing it, where the file system can.
    pattern: 'convert-no-room',
    tools: ['convert'],
    code: 'disk-full',
    line: /OSError: Not enough free space to write (\d+) bytes/,
    cause: ([asked]) => `The disk has too little room left for the GGUF: ${asked} bytes more did not fit.`,
    remedy: 'Free space on the host or use a larger disk, then retry. The partial file can be removed.',
  },
  {
    pattern: 'convert-disk-full',
    tools: ['convert'],
    code: 'disk-full',
    line: /OSError: (\d+) requested and (\d+) written/,
    cause: ([asked, written]) =>
      `The disk filled up while the GGUF was being written (${written} of the last ${asked} bytes fitted).`,
    remedy: 'Free space on the host or use a larger disk, then retry. The partial file can be removed.',
  },
];
