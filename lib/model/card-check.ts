import type { FileRepair } from '../domain/file-repair';
import type { Finding } from '../domain/finding';
import type { ByteRangeReader } from './byte-range-reader';

export const CARD_FILE = 'README.md';
/** Front matter comes first, and is a few hundred lines at most. */
export const CARD_BYTES = 64 * 1024;

/**
 * A model card whose front matter no reader of YAML accepts: the converter reads it for names and licence and stops there
 * (`yaml.parser.ParserError`), though no weight depends on it. Only what is certain: a list or mapping in brackets, or a quoted
 * text, that is not closed before the next key begins.
 */
export async function checkCard(
  reader: ByteRangeReader,
): Promise<{ readonly finding: Finding; readonly repair: FileRepair } | null> {
  const sizeBytes = await reader.sizeBytes(CARD_FILE);
  if (sizeBytes === null || sizeBytes === 0) return null;
  const text = new TextDecoder().decode(await reader.read(CARD_FILE, 0, Math.min(sizeBytes, CARD_BYTES)));
  const line = unclosedLine(frontMatter(text));
  if (line === null) return null;
  return {
    finding: {
      code: 'card-unreadable',
      severity: 'damages',
      message: `${CARD_FILE}: its front matter is not valid YAML, and the converter would stop at it: ${line.slice(0, 120)}`,
      remedy: 'Accept the repair: it leaves the card out, which holds names and licence only.',
      evidence: [line.slice(0, 200)],
    },
    repair: {
      kind: 'leave-out',
      files: [CARD_FILE],
      reason: 'Its front matter is not valid, and no weight depends on it.',
    },
  };
}

/** The lines between the first `---`, which must be the first line, and the next; none without an end. */
function frontMatter(text: string): readonly string[] {
  const [first, ...rest] = text.split(/\r?\n/);
  const end = rest.indexOf('---');
  return first === '---' && end >= 0 ? rest.slice(0, end) : [];
}

/** The first line of a key whose value is opened and not closed before the next key, or the end. */
function unclosedLine(lines: readonly string[]): string | null {
  for (const [at, line] of lines.entries()) {
    const value = /^[\w-]+:\s+([[{].*)$/.exec(line)?.[1];
    if (value === undefined) continue;
    const next = lines.slice(at + 1).findIndex((other) => /^[\w-]+:(\s|$)/.test(other));
    const following = next < 0 ? lines.slice(at + 1) : lines.slice(at + 1, at + 1 + next);
    if (!isClosed([value, ...following].join('\n'))) return line;
  }
  return null;
}

/** Whether every bracket outside of quotes is closed. */
function isClosed(value: string): boolean {
  let depth = 0;
  let quote = '';
  for (const letter of value) {
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"') quote = letter;
    else if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    if (depth === 0 && quote === '') return true;
  }
  return false;
}
