import { formatBytes } from '../domain/bytes';
import { FailureError } from '../domain/failure';
import type { ListedFile } from './byte-range-reader';

/** What the converter globs for: anything else named .safetensors is invisible to it. */
export const CONVERTER_WEIGHTS = /^model[^/]*\.safetensors$/;
const PICKLE_WEIGHTS = /(^|\/)(pytorch_model[^/]*\.bin|model[^/]*\.(bin|pt|pth|ckpt)|[^/]*\.(pt|pth|ckpt))$/;

/** Says what is there instead of weights that can be converted. */
export function noWeights(listing: readonly ListedFile[]): FailureError {
  const find = (pattern: RegExp) => listing.filter((file) => pattern.test(file.path));
  const adapter = find(/(^|\/)adapter_(config\.json|model\.(safetensors|bin))$/);
  if (adapter.length > 0) return adapterOnly(adapter);
  const pickles = find(PICKLE_WEIGHTS).filter(
    (file) => !/(training_args|optimizer|scheduler|rng_state)/.test(file.path),
  );
  if (pickles.length > 0) return picklesOnly(pickles);
  const ggufs = find(/\.gguf$/);
  if (ggufs.length > 0) return ggufsOnly(ggufs);
  const others = find(/\.safetensors$/i);
  const hint = others.length > 0 ? hintAt(others) : '';
  return new FailureError('model-weights-missing', `There are no model weights among ${listing.length} files.${hint}`, {
    remedy:
      'Check the model id, the revision and the folder: a checkpoint has model.safetensors or model-00001-of-….safetensors.',
    evidence: evidenceOf(others.length > 0 ? others : listing),
  });
}

/** Weights that are there, but not where or not as the converter looks for them. */
function hintAt(others: readonly ListedFile[]): string {
  const nested = others.find(({ path }) => CONVERTER_WEIGHTS.test(path.slice(path.lastIndexOf('/') + 1)));
  if (nested) {
    const folder = nested.path.slice(0, nested.path.lastIndexOf('/'));
    return ` There are some in the folder ${folder.slice(0, 200)}: give that folder, if its config.json is there too.`;
  }
  return ' There are .safetensors files, but none named model*.safetensors, which is what the converter reads.';
}

function adapterOnly(adapter: readonly ListedFile[]): FailureError {
  return new FailureError(
    'model-is-adapter',
    'This is a LoRA adapter: it holds changes to a base model, not a whole model.',
    {
      remedy:
        "Merge it into its base model first (PEFT's merge_and_unload, then save_pretrained), then convert the result.",
      evidence: evidenceOf(adapter),
    },
  );
}

function picklesOnly(pickles: readonly ListedFile[]): FailureError {
  return new FailureError(
    'model-pickle-only',
    `The weights are Python pickle files only (${pickles.length}), which can run code when opened. Quantdeck reads safetensors.`,
    {
      remedy:
        'Look for a revision with .safetensors files (the hub\'s "refs/pr" conversions), or save the model again with safe_serialization=True.',
      evidence: evidenceOf(pickles),
    },
  );
}

function ggufsOnly(ggufs: readonly ListedFile[]): FailureError {
  return new FailureError(
    'model-is-gguf',
    `This holds finished GGUF files (${ggufs.length}), not a checkpoint to convert.`,
    {
      remedy: 'Use the files as they are, or give the original model that they were made from.',
      evidence: evidenceOf(ggufs),
    },
  );
}

function evidenceOf(files: readonly ListedFile[]): string[] {
  return files.slice(0, 10).map((file) => `${file.path} (${formatBytes(file.sizeBytes)})`);
}
