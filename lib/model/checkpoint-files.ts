import { FailureError } from '../domain/failure';
import type { ListedFile } from './byte-range-reader';
import { CONVERTER_WEIGHTS, noWeights } from './no-weights';

export const WEIGHT_INDEX_FILE = 'model.safetensors.index.json';

export interface CheckpointFiles {
  /** Everything to fetch: weights, config, tokenizer, template, card and licence. */
  readonly files: readonly ListedFile[];
  readonly weights: readonly ListedFile[];
  readonly totalBytes: number;
  /** Whether the weights were chosen by the index rather than by name. */
  readonly usesIndex: boolean;
  /** Whether files under other names stand in for those that the index names. */
  readonly areRenamed: boolean;
  /** Weight files that are there but not part of the checkpoint (copies, other formats). */
  readonly leftOut: readonly ListedFile[];
}

const NUMBERED_SHARD = /^model-(\d{5,6})-of-(\d{5,6})\.safetensors$/;
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
  const { weights, usesIndex, areRenamed } = chooseWeights(listing, indexedWeights);
  if (weights.length === 0) throw noWeights(listing);
  if (!areRenamed) refuseMissingShards(listing, weights, usesIndex ? indexedWeights : null);
  const companions = listing.filter((file) => isCompanion(file.path, usesIndex));
  const files = [...companions, ...weights];
  const chosen = new Set(weights.map((file) => file.path));
  return {
    files,
    weights,
    totalBytes: files.reduce((total, file) => total + file.sizeBytes, 0),
    usesIndex,
    areRenamed,
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

interface ChosenWeights {
  readonly weights: ListedFile[];
  readonly usesIndex: boolean;
  readonly areRenamed: boolean;
}

function chooseWeights(listing: readonly ListedFile[], indexedWeights: ReadonlySet<string> | null): ChosenWeights {
  const candidates = listing.filter((file) => CONVERTER_WEIGHTS.test(file.path));
  const single = candidates.filter((file) => file.path === 'model.safetensors');
  const hasIndex = listing.some((file) => file.path === WEIGHT_INDEX_FILE);
  const choose = (weights: ListedFile[], usesIndex: boolean) => ({ weights, usesIndex, areRenamed: false });
  if (indexedWeights) {
    const byIndex = listing.filter((file) => indexedWeights.has(file.path));
    const others = single.length > 0 ? single : wholeSet(candidates);
    if (byIndex.length === indexedWeights.size) return choose(byIndex, true);
    if (others.length > 0) return choose(others, false);
    // As many files as the index names, under other names: whether they are those, their tensors tell.
    return candidates.length === indexedWeights.size
      ? { weights: candidates, usesIndex: false, areRenamed: true }
      : choose(byIndex, true);
  }
  const whole = wholeSet(candidates);
  const numbered = whole.length > 0 ? whole : candidates.filter((file) => NUMBERED_SHARD.test(file.path));
  if (hasIndex && numbered.length > 0) return choose(numbered, true);
  if (single.length > 0) return choose(single, hasIndex);
  return choose(numbered.length > 0 ? numbered : candidates, hasIndex);
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
