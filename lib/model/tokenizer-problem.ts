import type { FileRepair } from '../domain/file-repair';
import type { Finding } from '../domain/finding';
import type { ModelFact } from '../domain/model-check';
import type { KnownVocabulary } from './known-vocabulary';
import type { TokenizerFiles } from './tokenizer-files';

/** Another repository of the hub at a commit, with the names of its files. */
export interface BaseFiles {
  readonly repo: string;
  readonly commit: string;
  readonly files: readonly string[];
}

/** What the tokenizer files are judged against. */
export interface TokenizerContext {
  /** The class that will convert, by its `architectures` name; null when it is not known. */
  readonly architecture: string | null;
  /** The tokenizer class that config.json says, or its type has, for where no tokenizer file names one. */
  readonly classOfType?: string | null;
  /** Rows of the embedding, with the tensor that proves them. */
  readonly vocabulary: (Omit<ModelFact, 'value'> & { readonly value: number }) | null;
  /** The model that this one was made from, where files may be taken; null when nobody named one. */
  readonly base: BaseFiles | null;
  /** Tokenizes; null where nothing can, then nothing is said about the pre-tokenizer. */
  readonly encode: EncodeText | null;
  /** Vocabularies whose tokenizer.json is recognized by parts of it. */
  readonly knownVocabularies?: readonly KnownVocabulary[];
}

/** A text to tokenize with a tokenizer.json of which some top-level fields are replaced. */
export interface EncodeRequest {
  readonly json: Uint8Array;
  readonly replaced: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Token ids, special ones included; null when it cannot be told within the limits of time and memory. */
export type EncodeText = (request: EncodeRequest) => Promise<readonly number[] | null>;

/** Something wrong with the tokenizer files, and where it is certain, what would make it right. */
export interface TokenizerProblem {
  readonly finding: Finding;
  /** Changes that belong together; absent when nothing is certain. */
  readonly repairs?: readonly FileRepair[];
  /** The files as they are after the repairs; absent when what they bring is not known here. */
  readonly apply?: (files: TokenizerFiles) => TokenizerFiles;
}
