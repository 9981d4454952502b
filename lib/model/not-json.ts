/** Signs of what lies in a file's place, the surest first; all of them are met on the hub and in people's folders. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/^\s*$/, 'it is empty'],
  [
    /^\s*<(!doctype|html|head|body|\?xml|error)\b/i,
    'it holds a web page, most likely an error page saved under this name',
  ],
  [/^(<{7}|={7}|>{7})( |$)/m, 'it holds the marks of a merge conflict (<<<<<<<, =======, >>>>>>>)'],
  [
    /^\s*(entry not found|not found|invalid (username|credentials)|unauthorized|repository not found|access to model)/i,
    'it holds an error message of the hub',
  ],
  [/,\s*[}\]]/, 'a comma stands before a closing bracket, which JSON does not allow'],
  [/^\s*\{\s*'/, 'its strings stand in single quotes: it was printed by Python, not written as JSON'],
  [/^\s*(\/\/|\/\*|#)/m, 'it has comments, which JSON does not allow'],
];
const SHOWN_CHARACTERS = 4096;

/** What a text that should be JSON seems to be instead, in words; null when nothing tells. */
export function whatInstead(text: string): string | null {
  const start = text.slice(0, SHOWN_CHARACTERS);
  const [, what] = INSTEAD.find(([pattern]) => pattern.test(start)) ?? [];
  return what ?? (text.trimEnd().length > SHOWN_CHARACTERS ? endsOpen(text) : endsOpen(start));
}

/** A text that begins as an object and does not end as one was cut off. */
function endsOpen(text: string): string | null {
  return /^\s*\{/.test(text.slice(0, 100)) && !text.trimEnd().endsWith('}') ? 'it ends in the middle' : null;
}

/** The encoding of bytes that are no UTF-8 text, in words. */
export function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'it is UTF-16 text, not UTF-8';
  if (first === 0x1f && second === 0x8b) return 'it is compressed with gzip';
  if (first === 0x50 && second === 0x4b) return 'it is a zip archive';
  return 'it holds bytes that are not UTF-8 text';
}
