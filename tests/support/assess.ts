import { type Assessment, assessConfig } from '../../lib/model/assess-config';
import type { ConfigEvidence } from '../../lib/model/config-evidence';
import type { RotaryEvidence } from '../../lib/model/rotary-evidence';
import { supportsTextArchitecture } from '../../lib/model/supported-architectures';
import { readTensorFacts } from '../../lib/model/tensor-facts';

interface AssessExtras {
  /** Keeps the note that shapes cannot prove heads, which most models get and few tests are about. */
  readonly keepsHeadsNote?: boolean;
  readonly evidence?: readonly ConfigEvidence[];
  readonly rotary?: RotaryEvidence;
}

/** A config.json held against tensors of these shapes, without any file. */
export function assess(
  config: Readonly<Record<string, unknown>>,
  shapes: Readonly<Record<string, readonly number[]>>,
  { evidence = [], rotary, keepsHeadsNote = false }: AssessExtras = {},
): Assessment {
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    return { name, shape, dtype: 'BF16', begin: 0, end: 0, file: 'model.safetensors' };
  });
  const weights = {
    files: { files: [], weights: [], totalBytes: 0, usesIndex: false, areRenamed: false, leftOut: [] },
    index: null,
    headers: [{ file: 'model.safetensors', headerBytes: 0, dataBytes: 0, tensors, metadata: {} }],
    facts: readTensorFacts(tensors),
    rotary: rotary ?? null,
    output: null,
  };
  const options = {
    original: config,
    answered: new Set<string>(),
    fractions: new Map<string, string>(),
    evidence,
    supportsArchitecture: supportsTextArchitecture,
  };
  const all = assessConfig(config, weights, options);
  const note = all.findings.find(({ code }) => code === 'heads-not-proven');
  if (keepsHeadsNote || !note) return all;
  return {
    ...all,
    findings: all.findings.filter((finding) => finding !== note),
    undetermined: all.undetermined.filter(({ field }) => field !== note.field),
  };
}
