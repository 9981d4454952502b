import { addedTokens } from './added-tokens';
import { type ConfigObject, isObject } from './config-reader';
import { sha256OfJson, tokenizerRules } from './known-vocabulary';
import type { TokenizerDefinition } from './tokenizer-files';

/**
 * The token ids of the check text by a tokenizer that was recognized; null when it was not, when its rules are not those
 * of the known one, or when its post-processor does more than to put single tokens around a text.
 */
export async function recognizedIds(
  { content, recognized }: TokenizerDefinition,
  replaced: ConfigObject,
): Promise<readonly number[] | null> {
  if (recognized === null) return null;
  const loaded = { ...content, ...replaced };
  const { rules, checkIds } = recognized.vocabulary;
  if ((await sha256OfJson(tokenizerRules(loaded))) !== rules) return null;
  return postProcess(loaded['post_processor'] ?? null, checkIds, addedTokens(content));
}

function postProcess(
  step: unknown,
  ids: readonly number[],
  added: readonly (readonly [number, string])[],
): readonly number[] | null {
  if (step === null) return ids;
  if (!isObject(step)) return null;
  if (step['type'] === 'ByteLevel') return ids;
  if (step['type'] === 'Sequence' && Array.isArray(step['processors'])) {
    return step['processors'].reduce<readonly number[] | null>(
      (before, each) => before && postProcess(each, before, added),
      ids,
    );
  }
  if (step['type'] !== 'TemplateProcessing' || !Array.isArray(step['single'])) return null;
  const pieces = step['single'].map((piece) => idsOfPiece(piece, ids, added));
  return pieces.some((piece) => piece === null) ? null : pieces.flatMap((piece) => piece ?? []);
}

function idsOfPiece(
  piece: unknown,
  ids: readonly number[],
  added: readonly (readonly [number, string])[],
): readonly number[] | null {
  if (!isObject(piece)) return null;
  if (isObject(piece['Sequence'])) return piece['Sequence']['id'] === 'A' ? ids : null;
  const name = isObject(piece['SpecialToken']) ? piece['SpecialToken']['id'] : null;
  const id = added.find(([, text]) => text === name)?.[0];
  return id === undefined ? null : [id];
}
