import { formatBytes } from '../domain/bytes';
import { FailureError } from '../domain/failure';
import type { ListedFile } from './byte-range-reader';

export const WEIGHT_INDEX_FILE = 'model.safetensors.index.json';

export interface CheckpointFiles {
  /** Everything to fetch: weights, config, tokenizer, template, card and licence. */
  readonly files: readonly ListedFile[];
  readonly weights: readonly ListedFile[];
  readonly totalBytes: number;
  /** Whether the weights were chosen by the index rather than by name. */
  readonly usesIndex: boolean;
  /** Weight files that are there but not part of the checkpoint (copies, other formats). */
  readonly leftOut: readonly ListedFile[];
}

const NUMBERED_SHARD = /^model-(\d{5,6})-of-(\d{5,6})\.safetensors$/;
/** What the converter globs for: anything else named .safetensors is invisible to it. */
export const CONVERTER_WEIGHTS = /^model[^/]*\.safetensors$/;
const PICKLE_WEIGHTS = /(^|\/)(pytorch_model[^/]*\.bin|model[^/]*\.(bin|pt|pth|ckpt)|[^/]*\.(pt|pth|ckpt))$/;
const ANY_WEIGHTS = /\.(safetensors|bin|pt|pth|ckpt|gguf|h5|msgpack|onnx|npz)$/;

/** Small files at the top of a checkpoint that the converter or a person reads. Python is left out: it is never run. */
const COMPANIONS = [
  /^[^/]+\.json$/,
  /^[^/]+\.(model|tiktoken|jinja|vocab)$/,
  /^(merges|vocab|added_tokens|special_tokens|rwkv_vocab[^/]*)\.txt$/,
  /^tokenizer[^/]*\.(txt|bpe)$/,
  /^additional_chat_templates\/[^/]+\.jinja$/,
  /^\d+_[A-Za-z]+\/config\.json$/,
  /^(README\.md|(LICENSE|LICENCE|NOTICE|USE_POLICY)[^/]*)$/i,
];
const NOT_COMPANIONS =
  /^(pytorch_model\.bin\.index|consolidated[^/]*|tf_model[^/]*|flax_model[^/]*|trainer_state|optimizer[^/]*)\.json$/;

/**
 * Which files of a listing make the checkpoint that the converter would read: one weight format, once.
 * @param indexedWeights weight files that the index names, when it has been read.
 * @throws FailureError `model-pickle-only`, `model-is-adapter`, `model-is-gguf`, `model-weights-missing`, or
 * `invalid-input` for a name that could leave its folder.
 */
export function chooseCheckpointFiles(
  listing: readonly ListedFile[],
  indexedWeights: ReadonlySet<string> | null = null,
): CheckpointFiles {
  for (const file of listing) refuseUnsafeName(file.path);
  const { weights, usesIndex } = chooseWeights(listing, indexedWeights);
  if (weights.length === 0) throw noWeights(listing);
  refuseMissingShards(listing, weights, usesIndex ? indexedWeights : null);
  const companions = listing.filter((file) => isCompanion(file.path, usesIndex));
  const files = [...companions, ...weights];
  const chosen = new Set(weights.map((file) => file.path));
  return {
    files,
    weights,
    totalBytes: files.reduce((total, file) => total + file.sizeBytes, 0),
    usesIndex,
    leftOut: listing.filter((file) => ANY_WEIGHTS.test(file.path) && !chosen.has(file.path)),
  };
}

/** Whether a file of this name can be part of a checkpoint, or a folder of this name hold such a file. */
export function concernsCheckpoint(path: string): boolean {
  return [path, `${path}/config.json`, `${path}/template.jinja`].some(
    (name) => /^[^/]+\.safetensors$/.test(name) || COMPANIONS.some((pattern) => pattern.test(name)),
  );
}

function isCompanion(path: string, usesIndex: boolean): boolean {
  // An index that was not followed would make the converter look for files that are not there.
  if (path === WEIGHT_INDEX_FILE) return usesIndex;
  return COMPANIONS.some((pattern) => pattern.test(path)) && !NOT_COMPANIONS.test(path);
}

function chooseWeights(
  listing: readonly ListedFile[],
  indexedWeights: ReadonlySet<string> | null,
): { weights: ListedFile[]; usesIndex: boolean } {
  const candidates = listing.filter((file) => CONVERTER_WEIGHTS.test(file.path));
  const single = candidates.filter((file) => file.path === 'model.safetensors');
  const hasIndex = listing.some((file) => file.path === WEIGHT_INDEX_FILE);
  if (indexedWeights) {
    const byIndex = listing.filter((file) => indexedWeights.has(file.path));
    const others = single.length > 0 ? single : wholeSet(candidates);
    if (byIndex.length === indexedWeights.size || others.length === 0) return { weights: byIndex, usesIndex: true };
    return { weights: others, usesIndex: false };
  }
  const whole = wholeSet(candidates);
  const numbered = whole.length > 0 ? whole : candidates.filter((file) => NUMBERED_SHARD.test(file.path));
  if (hasIndex && numbered.length > 0) return { weights: numbered, usesIndex: true };
  if (single.length > 0) return { weights: single, usesIndex: hasIndex };
  return { weights: numbered.length > 0 ? numbered : candidates, usesIndex: hasIndex };
}

/** The numbered shards of which none is missing; empty when there is no such set, or more than one. */
function wholeSet(candidates: readonly ListedFile[]): ListedFile[] {
  const there = new Set(candidates.map((file) => file.path));
  const totals = new Set(
    candidates.map((file) => NUMBERED_SHARD.exec(file.path)?.[2]).filter((total) => total !== undefined),
  );
  const whole = [...totals].filter((total) =>
    siblings(`model-${'1'.padStart(total.length, '0')}-of-${total}.safetensors`).every((path) => there.has(path)),
  );
  const [only] = whole;
  if (only === undefined || whole.length > 1) return [];
  return candidates.filter((file) => NUMBERED_SHARD.exec(file.path)?.[2] === only);
}

function refuseMissingShards(
  listing: readonly ListedFile[],
  weights: readonly ListedFile[],
  indexedWeights: ReadonlySet<string> | null,
): void {
  const there = new Set(listing.map((file) => file.path));
  const missing = new Set<string>();
  if (indexedWeights) {
    for (const path of indexedWeights) if (!there.has(path)) missing.add(path);
  } else {
    // One of each set: all shards of a set have the same siblings, and a listing may hold many.
    const sets = new Map(weights.map((file) => [NUMBERED_SHARD.exec(file.path)?.[2], file.path]));
    for (const path of sets.values())
      for (const sibling of siblings(path)) if (!there.has(sibling)) missing.add(sibling);
  }
  if (missing.size === 0) return;
  const names = [...missing].sort();
  throw new FailureError(
    'model-weights-missing',
    `${names.length} of the checkpoint's weight files ${names.length === 1 ? 'is' : 'are'} missing: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}.`,
    {
      remedy: 'Fetch the missing files again, or ask the author to upload them.',
      evidence: names.slice(0, 20).map((name) => `not found: ${name}`),
    },
  );
}

/** Every shard that `model-00002-of-00003.safetensors` says there must be. */
function siblings(path: string): string[] {
  const [, , totalText] = NUMBERED_SHARD.exec(path) ?? [];
  // Nobody's model has so many; such a name is not believed.
  if (totalText === undefined || Number(totalText) > 10_000) return [];
  const width = totalText.length;
  return Array.from(
    { length: Number(totalText) },
    (_, index) => `model-${String(index + 1).padStart(width, '0')}-of-${totalText}.safetensors`,
  );
}

/** Says what is there instead of weights that can be converted. */
function noWeights(listing: readonly ListedFile[]): FailureError {
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

/** Refuses absolute names, `..`, backslashes and control characters: such a name could be written outside its folder. */
function refuseUnsafeName(path: string): void {
  const isUnsafe =
    path === '' ||
    path.length > 1000 ||
    /^([A-Za-z]:|\/)/.test(path) ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused
    /[\\\u0000-\u001f\u007f]/.test(path) ||
    path.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (!isUnsafe) return;
  throw new FailureError(
    'invalid-input',
    'The checkpoint lists a file whose name could leave its folder, so nothing of it is used.',
    {
      remedy: 'Do not use this source. Tell whoever publishes it.',
      evidence: [JSON.stringify(path.slice(0, 200))],
    },
  );
}
