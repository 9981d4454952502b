import type { FILE_STEP_KINDS, StepKind } from '../../lib/domain/step-key';

/** What each kind of step is for, in one sentence, shown while there is nothing better to show. */
export const STEP_PURPOSE = {
  'rent-host': 'Rents a machine on the terms that were agreed to and waits until it answers by SSH.',
  'prepare-host': 'Checks the machine and finds or installs llama.cpp at one pinned version.',
  'fetch-model': 'Downloads the checkpoint to the host and checks every hash.',
  'inspect-model': 'Reads the tensors’ shapes and compares config.json with them.',
  'repair-model': 'Writes the approved changes into a copy of config.json. The original is kept.',
  'convert-model': 'Writes the float GGUF that every quantization is made from.',
  imatrix: 'Measures which weights matter, for types under three bits.',
  quantize: 'Makes one smaller file from the float GGUF.',
  checksum: 'Takes the sha256 of the file on the host.',
  verify: 'Reads the file back, loads it with llama.cpp and lets it write a few words.',
  'bring-home': 'Copies the file to the dashboard’s disk and hashes it again.',
  'release-host': 'Gives the machine back once every file is saved, and proves that its bill has ended.',
} as const satisfies Record<StepKind, string>;

/** What each kind of step is called where no job names it. */
export const STEP_NAME = {
  'rent-host': 'Rent a machine',
  'prepare-host': 'Prepare the host',
  'fetch-model': 'Fetch the model',
  'inspect-model': 'Inspect the model',
  'repair-model': 'Repair',
  'convert-model': 'Convert to GGUF',
  imatrix: 'Measure important weights',
  quantize: 'Quantize',
  checksum: 'Compute checksums',
  verify: 'Verify',
  'bring-home': 'Bring home',
  'release-host': 'Give the machine back',
} as const satisfies Record<StepKind, string>;

/** The figure in "what is it doing", for a running step that reports no progress of its own. */
export const STEP_VERB = {
  'rent-host': 'renting',
  'prepare-host': 'preparing',
  'fetch-model': 'downloading',
  'inspect-model': 'reading headers',
  'repair-model': 'repairing',
  'convert-model': 'converting',
  imatrix: 'measuring weights',
  quantize: 'quantizing',
  checksum: 'hashing',
  verify: 'testing',
  'bring-home': 'copying home',
  'release-host': 'giving back',
} as const satisfies Record<StepKind, string>;

/** The steps of a file where a column or a chip has room for one word. */
export const FILE_STEP_LABEL = {
  quantize: 'Make',
  checksum: 'Checksum',
  verify: 'Verify',
  'bring-home': 'Home',
} as const satisfies Record<(typeof FILE_STEP_KINDS)[number], string>;

/** In the place of a file's first step when it has none. */
export const NO_MAKE_STEP = { word: 'base', meaning: 'Converting wrote it, and all others are made from it.' } as const;

/** Under a step that was ended because another one failed. */
export const STOPPED_WITH_JOB = 'Stopped, because a step failed that it could not do without. A retry continues it.';
