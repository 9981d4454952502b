import { type ConfigObject, isObject } from './config-reader';

/** The `added_tokens` of a tokenizer.json as id and text. */
export function addedTokens(content: ConfigObject): (readonly [number, string])[] {
  const added = content['added_tokens'];
  if (!Array.isArray(added)) return [];
  return added.flatMap((token) => {
    const [id, text] = isObject(token) ? [token['id'], token['content']] : [];
    return typeof id === 'number' && typeof text === 'string' ? [[id, text] as const] : [];
  });
}
