import type { Finding } from '../domain/finding';
import { architectureOfType } from './architecture-names';
import type { CheckpointFiles } from './checkpoint-files';
import { type ConfigObject, isObject } from './config-reader';
import type { SafetensorsHeader } from './safetensors-header';
import type { TensorFacts } from './tensor-facts';

/** What config.json declares apart from sizes: architecture, remote code, a vision part, tied embeddings. */
export function checkDeclarations(
  config: ConfigObject,
  files: CheckpointFiles,
  facts: TensorFacts,
  supportsArchitecture: (name: string) => boolean,
): Finding[] {
  return [
    checkArchitecture(config, facts, supportsArchitecture),
    remoteCode(config),
    visionTower(config),
    tiedEmbeddings(config, facts),
    otherFormats(files),
  ].filter((finding) => finding !== null);
}

function checkArchitecture(
  config: ConfigObject,
  facts: TensorFacts,
  supports: (name: string) => boolean,
): Finding | null {
  const declared = config['architectures'];
  const name = Array.isArray(declared) ? declared[0] : undefined;
  if (typeof name !== 'string') {
    if (inferArchitecture(config, facts, supports) !== null) return null;
    return {
      code: 'model-unsupported-architecture',
      severity: 'blocks',
      message: 'config.json has no "architectures", so the converter cannot know which model this is.',
      remedy: 'Take the "architectures" line from the base model\'s config.json, e.g. ["LlamaForCausalLM"].',
      evidence: [
        `model_type: ${JSON.stringify(config['model_type'] ?? null)}`,
        `architectures: ${JSON.stringify(declared ?? null)}`,
      ],
    };
  }
  if (supports(name)) return null;
  return {
    code: 'model-unsupported-architecture',
    severity: 'blocks',
    message: `llama.cpp's converter does not know the architecture ${name.slice(0, 100)}.`,
    remedy:
      'Nothing on this side can change that: wait for a llama.cpp version that supports it, or choose another model.',
    evidence: [`architectures: ${JSON.stringify(declared).slice(0, 200)}`],
  };
}

/** The class to write into a config.json without `architectures`; null when it has some, or it cannot be told. */
export function inferArchitecture(
  config: ConfigObject,
  facts: TensorFacts,
  supports: (name: string) => boolean,
): string | null {
  const declared = config['architectures'];
  if (Array.isArray(declared) && typeof declared[0] === 'string') return null;
  const modelType = typeof config['model_type'] === 'string' ? config['model_type'] : null;
  const name = architectureOfType(modelType, facts.family);
  return name !== null && supports(name) ? name : null;
}

function remoteCode(config: ConfigObject): Finding | null {
  if (!isObject(config['auto_map'])) return null;
  return {
    code: 'remote-code-ignored',
    severity: 'note',
    message:
      "The checkpoint brings Python code of its own. It is neither fetched nor run; the converter's own code is used.",
    remedy: '',
    evidence: Object.values(config['auto_map'])
      .slice(0, 5)
      .map((entry) => String(entry).slice(0, 100)),
  };
}

function visionTower(config: ConfigObject): Finding | null {
  if (!isObject(config['vision_config']) && !isObject(config['audio_config'])) return null;
  return {
    code: 'vision-tower',
    severity: 'note',
    message: 'This model also takes images or sound. The GGUF holds its language model only.',
    remedy: 'For images, llama.cpp needs a second file (mmproj) made from the same checkpoint.',
    evidence: [],
  };
}

function tiedEmbeddings(config: ConfigObject, facts: TensorFacts): Finding | null {
  if (!facts.tiesEmbeddings || config['tie_word_embeddings'] !== false) return null;
  const embedding = facts.facts.vocab_size;
  return {
    code: 'tied-embeddings',
    severity: 'note',
    message:
      'config.json says that the output layer is separate (tie_word_embeddings: false), but there is none; llama.cpp uses the embedding for both.',
    remedy: '',
    evidence: embedding ? [`${embedding.tensor} [${embedding.shape.join(', ')}]`] : [],
  };
}

function otherFormats(files: CheckpointFiles): Finding | null {
  const copies = files.leftOut.filter((file) => file.path.endsWith('.safetensors'));
  if (copies.length === 0) return null;
  return {
    code: 'shards-duplicated',
    severity: 'note',
    message: `${copies.length} further .safetensors file${copies.length === 1 ? ' is' : 's are'} not part of the checkpoint and will not be used.`,
    remedy: '',
    evidence: copies.slice(0, 8).map((file) => file.path),
  };
}

/** Without an index the converter reads every model*.safetensors, and the later of two equal names wins. */
export function findDuplicatedTensors(headers: readonly SafetensorsHeader[]): Finding | null {
  const files = new Map<string, string>();
  const evidence: string[] = [];
  let count = 0;
  for (const header of headers) {
    for (const tensor of header.tensors) {
      const before = files.get(tensor.name);
      if (before !== undefined) {
        count += 1;
        if (evidence.length < 8) evidence.push(`${tensor.name} in ${before} and ${header.file}`);
      }
      files.set(tensor.name, header.file);
    }
  }
  if (count === 0) return null;
  return {
    code: 'shards-duplicated',
    severity: 'damages',
    message: `${count} tensors are in more than one weight file; the converter would silently take the last.`,
    remedy: 'Remove the copies, so that each tensor is there once.',
    evidence,
  };
}
