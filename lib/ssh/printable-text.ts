/**
 * The first line of something a host said, fit to be shown: no control characters, no escape sequences, bounded. What a
 * host sends is hostile until shown otherwise.
 */
export function printable(text: string, maxCharacters: number): string {
  const line = text.split(/[\r\n]/).find((part) => part.trim() !== '') ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
  const clean = line.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  return clean.length > maxCharacters ? `${clean.slice(0, maxCharacters - 1)}…` : clean;
}

/** The last non-empty lines of an output, each fit to be shown. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split(/\r?\n|\r/)
    .map((line) => printable(line, 300))
    .filter((line) => line !== '')
    .slice(-count);
}
