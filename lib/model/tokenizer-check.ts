import type { Finding } from '../domain/finding';
import type { ByteRangeReader, ListedFile } from './byte-range-reader';
import { isObject } from './config-reader';
import { readJsonFile } from './json-file';
import type { TensorFact } from './tensor-facts';

/** Gemma's is 33 MB, the largest in use; a larger one is not read, its size alone is no fault. */
const MAX_TOKENIZER_BYTES = 48 * 1024 * 1024;
const TOKENIZER_FILE =
  /^(tokenizer\.(json|model)|vocab\.(json|txt)|tekken\.json|[^/]+\.tiktoken|[^/]*(spiece|sentencepiece)[^/]*\.model|rwkv_vocab[^/]*\.txt)$/;

/**
 * A tokenizer must be there, and none of its tokens may lie beyond the embedding's rows: the converter stops at such a
 * token (`assert max(vocab.values()) < vocab_size`).
 * @throws FailureError when a tokenizer file is a Git LFS pointer or not JSON.
 */
export async function checkTokenizer(
  reader: ByteRangeReader,
  files: readonly ListedFile[],
  vocabulary: TensorFact | undefined,
): Promise<Finding | null> {
  const found = files.filter((file) => TOKENIZER_FILE.test(file.path));
  const hasVocabWithoutMerges =
    found.length === 1 && found[0]?.path === 'vocab.json' && !files.some(({ path }) => path === 'merges.txt');
  if (found.length === 0 || hasVocabWithoutMerges) return missing(files);
  const empty = found.find((file) => file.sizeBytes === 0);
  if (empty) return missing(files, `${empty.path} is empty`);
  // A SentencePiece model is read instead of tokenizer.json, and the converter passes over its added tokens that have no row.
  if (!vocabulary || found.some((file) => file.path.endsWith('.model'))) return null;
  const top = await largestToken(reader, files);
  if (!top || top.id < vocabulary.value) return null;
  return {
    code: 'model-tokenizer-mismatch',
    severity: 'blocks',
    message: `The tokenizer has token ${top.id} (${JSON.stringify(top.text.slice(0, 60))}), but the embedding has ${vocabulary.value} rows, for tokens 0 to ${vocabulary.value - 1}.`,
    remedy:
      'Use the tokenizer files that belong to these weights: those of the base model, or resize the embedding and save the model again.',
    evidence: [`${top.file}: id ${top.id}`, `${vocabulary.tensor} [${vocabulary.shape.join(', ')}]`],
  };
}

interface TopToken {
  readonly id: number;
  readonly text: string;
  readonly file: string;
}

async function largestToken(reader: ByteRangeReader, files: readonly ListedFile[]): Promise<TopToken | null> {
  let top: TopToken | null = null;
  const consider = (id: unknown, text: unknown, file: string) => {
    if (typeof id === 'number' && (top === null || id > top.id)) top = { id, text: String(text), file };
  };
  const options = { maxBytes: MAX_TOKENIZER_BYTES, code: 'model-tokenizer-missing' } as const;
  for (const path of ['tokenizer.json', 'added_tokens.json', 'vocab.json']) {
    const file = files.find((entry) => entry.path === path);
    if (!file || file.sizeBytes > MAX_TOKENIZER_BYTES) continue;
    const content = await readJsonFile(reader, path, options);
    if (!isObject(content)) continue;
    if (path === 'tokenizer.json') considerTokenizer(content, path, consider);
    else for (const [text, id] of Object.entries(content)) consider(id, text, path);
  }
  return top;
}

function considerTokenizer(
  content: Readonly<Record<string, unknown>>,
  path: string,
  consider: (id: unknown, text: unknown, file: string) => void,
): void {
  const model = isObject(content['model']) ? content['model'] : {};
  const vocab = model['vocab'];
  // BPE and WordPiece map text to id; Unigram lists [text, score] by id.
  if (isObject(vocab)) for (const [text, id] of Object.entries(vocab)) consider(id, text, path);
  else if (Array.isArray(vocab) && vocab.length > 0) consider(vocab.length - 1, vocab.at(-1)?.[0], path);
  const added = content['added_tokens'];
  if (!Array.isArray(added)) return;
  for (const token of added) if (isObject(token)) consider(token['id'], token['content'], path);
}

function missing(files: readonly ListedFile[], what = 'There is no tokenizer'): Finding {
  return {
    code: 'model-tokenizer-missing',
    severity: 'blocks',
    message: `${what}: converting needs tokenizer.json, tokenizer.model, or vocab.json with merges.txt.`,
    remedy: 'Copy the tokenizer files of the base model into the checkpoint.',
    evidence: files.slice(0, 15).map((file) => file.path),
  };
}
