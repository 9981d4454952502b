import type { Finding } from '../domain/finding';
import type { CheckpointFiles } from './checkpoint-files';
import { type ConfigObject, declaredArchitecture, isObject } from './config-reader';
import type { SafetensorsHeader } from './safetensors-header';
import { isProjectorArchitecture } from './supported-architectures';

/** What config.json declares apart from sizes: architecture, remote code, a vision part; and copies of the weights. */
export function checkDeclarations(
  config: ConfigObject,
  files: CheckpointFiles,
  isClassAsked: boolean,
  supportsArchitecture: (name: string) => boolean,
): Finding[] {
  return [
    checkArchitecture(config, isClassAsked, supportsArchitecture),
    remoteCode(config),
    visionTower(config),
    otherFormats(files),
  ].filter((finding) => finding !== null);
}

/** Null also when the class is asked for as an open field: then that says it. */
function checkArchitecture(
  config: ConfigObject,
  isAsked: boolean,
  supports: (name: string) => boolean,
): Finding | null {
  const declared = config['architectures'];
  const name = declaredArchitecture(config);
  if (name === null) {
    if (isAsked) return null;
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
  const isProjector = isProjectorArchitecture(name);
  return {
    code: 'model-unsupported-architecture',
    severity: 'blocks',
    message: isProjector
      ? `llama.cpp's converter knows ${name} only as a projector for images or sound, not as a language model.`
      : `llama.cpp's converter does not know the architecture ${name.slice(0, 100)}.`,
    remedy:
      'Nothing on this side can change that: wait for a llama.cpp version that supports it, or choose another model.',
    evidence: [`architectures: ${JSON.stringify(declared).slice(0, 200)}`],
  };
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
