import type { ConfigObject } from './config-reader';
import { JsonCursor, JsonSyntaxError } from './json-cursor';

/** A token of a vocabulary, with what it takes in the file. */
export interface WrittenToken {
  readonly text: string;
  readonly id: number;
  /** Bytes of the key, quotes included, and of the id: the same in every layout. */
  readonly bytes: number;
}

/** What the beginning of a tokenizer.json says, in the order in which the tokenizers library writes its fields. */
export interface TokenizerHead {
  /** All fields; those of `model` without `vocab` and `merges`. */
  readonly content: ConfigObject;
  /** The first tokens of the vocabulary. */
  readonly tokens: readonly WrittenToken[];
  /** Where the first token's key begins, in bytes. */
  readonly vocabularyStart: number;
  /** Bytes of an entry beside key and id: colon, comma, line break and indent. */
  readonly entryOverhead: number;
}

/** Ends the walk once the wanted tokens are there; the text goes on. */
class EnoughRead extends Error {}

interface Walk {
  readonly fields: [string, unknown][];
  readonly modelFields: [string, unknown][];
  readonly tokens: { text: string; id: number; keyStart: number; keyEnd: number; end: number }[];
}

/**
 * Reads the beginning of a tokenizer.json up to its first `tokenCount` tokens. Null when it does not reach that far, or
 * is written in another order or by another hand.
 */
export function readTokenizerHead(bytes: Uint8Array, tokenCount: number): TokenizerHead | null {
  // The last character may be cut in two.
  const text = new TextDecoder().decode(bytes, { stream: true });
  const walk: Walk = { fields: [], modelFields: [], tokens: [] };
  try {
    walkHead(new JsonCursor(text), text, walk, tokenCount);
    return null;
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof SyntaxError) return null;
    if (!(error instanceof EnoughRead)) throw error;
  }
  const content = { ...Object.fromEntries(walk.fields), model: Object.fromEntries(walk.modelFields) };
  return headOf(text, content, walk.tokens);
}

function walkHead(cursor: JsonCursor, text: string, walk: Walk, tokenCount: number): void {
  const take = (into: [string, unknown][], key: string) => {
    const { start, end } = cursor.skip();
    into.push([key, JSON.parse(text.slice(start, end))]);
  };
  const takeToken = (token: string, key: { start: number; end: number }) => {
    const idSpan = cursor.skip();
    const id = Number(text.slice(idSpan.start, idSpan.end));
    walk.tokens.push({ text: token, id, keyStart: key.start, keyEnd: key.end, end: idSpan.end });
    // One more tells what stands between two entries.
    if (walk.tokens.length > tokenCount) throw new EnoughRead();
  };
  cursor.object((key) => {
    if (key !== 'model') take(walk.fields, key);
    else
      cursor.object((inner) => {
        if (inner === 'vocab') cursor.object(takeToken);
        else take(walk.modelFields, inner);
      });
  });
}

function headOf(text: string, content: ConfigObject, tokens: Walk['tokens']): TokenizerHead | null {
  const [first, second] = tokens;
  const next = tokens.at(-1);
  if (!first || !second || !next) return null;
  const size = (from: number, to: number) => new TextEncoder().encode(text.slice(from, to)).length;
  const written = tokens.slice(0, -1).map(({ text: token, id, keyStart, keyEnd, end }) => {
    return { text: token, id, bytes: size(keyStart, keyEnd) + String(id).length, written: size(keyStart, end) };
  });
  const entryOverhead = size(first.keyStart, second.keyStart) - (written[0]?.bytes ?? 0);
  const isEven =
    size(first.keyStart, next.keyStart) === written.reduce((sum, { bytes }) => sum + bytes + entryOverhead, 0);
  if (!isEven) return null;
  return { content, tokens: written, vocabularyStart: size(0, first.keyStart), entryOverhead };
}
