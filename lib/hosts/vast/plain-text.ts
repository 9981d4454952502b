// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const NOT_SHOWN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;
/** Keys of vast, those of single instances included. */
const LONG_HEX = /[0-9a-f]{40,}/gi;

/** A text of a host's or of the service's, fit to be shown: one line, no control characters, bounded. Null when empty. */
export function plainText(text: string | null | undefined, maxCharacters: number): string | null {
  const line = (text ?? '')
    .slice(0, 4 * maxCharacters)
    .replace(NOT_SHOWN, ' ')
    .trim();
  if (line === '') return null;
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters - 1)}…` : line;
}

/** The same text without a key in it, whoever's it is. */
export function withoutKeys(text: string, apiKey: string): string {
  return text.replaceAll(apiKey, '[key]').replace(LONG_HEX, '[key]');
}
