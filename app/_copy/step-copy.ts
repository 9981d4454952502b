import type { StepKind } from '../../lib/domain/step-key';

/** What each kind of step is for, in one sentence, shown while there is nothing better to show. */
export const STEP_PURPOSE = {
  'prepare-host': 'Checks the machine and finds or installs llama.cpp at one pinned version.',
  'fetch-model': 'Downloads the checkpoint to the host and checks every hash.',
  'inspect-model': 'Reads the tensors’ shapes and compares config.json with them.',
  'repair-model': 'Writes the approved changes into a copy of config.json. The original is kept.',
  'convert-model': 'Writes the float GGUF that every quantization is made from.',
  imatrix: 'Measures which weights matter, for types under three bits.',
  quantize: 'Makes one smaller file from the float GGUF.',
  checksum: 'Takes the sha256 of every file on the host.',
  verify: 'Reads each file back, loads it with llama.cpp and lets it write a few words.',
  'bring-home': 'Copies the files to the dashboard’s disk and hashes them again.',
} as const satisfies Record<StepKind, string>;

/** The figure in "what is it doing", for a running step that reports no progress of its own. */
export const STEP_VERB = {
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
} as const satisfies Record<StepKind, string>;
