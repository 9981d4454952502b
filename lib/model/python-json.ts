/**
 * Parses JSON as Python's json module does, which writes the numbers that JSON lacks as bare words: Mamba 2's
 * `"time_step_limit": [0.0, Infinity]`. Infinity is read as itself; NaN, which compares with nothing, as null.
 * @throws SyntaxError for anything else that is not JSON.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const plain = spellForJson(text);
    if (plain === text) throw error;
    return JSON.parse(plain);
  }
}

/** A loop and no regular expression over strings: those run out of stack on strings of many megabytes. */
function spellForJson(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      at = lastOfString(text, at);
      continue;
    }
    const word = character === 'N' ? 'NaN' : character === 'I' ? 'Infinity' : null;
    if (word === null || !text.startsWith(word, at)) continue;
    // A number too large for a double is how JSON can say Infinity. A minus sign before it stays in place, and blanks keep
    // it from growing together with digits beside it.
    const infinity = text[at - 1] === '-' ? '1e999 ' : ' 1e999 ';
    parts.push(text.slice(copied, at), word === 'NaN' ? 'null' : infinity);
    copied = at + word.length;
    at = copied - 1;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(copied);
}

/** The offset of the quote that ends the string which begins at `start`; the text's end when none does. */
function lastOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
